"""What can go wrong, as a family tree.

Doors translate these errors and nothing else; the message is written for the person who reads it and ends
with what to do next. An error raised without a message speaks with its own docstring.

AvatarError
├─ InputError                  what the user gave cannot be used; nothing was spent
│  ├─ NoPeople                 no usable row
│  ├─ TooManyPeople            more rows than this place holds
│  ├─ UnreadableTable          the file is not the table it claims to be
│  ├─ TemplateBroken           a template lacks a part or names an unknown one
│  ├─ TemplateUnknown          no template of that name
│  ├─ FilterUnknown            no filter of that name
│  ├─ FilterBroken             the file of filters lacks a part or has an unknown one
│  ├─ FilterNeedsModel         a look that pixels alone cannot give
│  ├─ PromptTooLong            more characters than the model takes
│  ├─ ModelUnknown             no model of that id, and no dialect to speak to it
│  ├─ ModelRetired             the model is past its shutdown date
│  ├─ ChoiceIllegal            a size or quality that this model does not have
│  ├─ PictureUnreadable        bytes that are no picture we can open
│  ├─ CutIllegal               lines that no cut can have
│  ├─ WishIllegal              a program orders what cannot be had
│  └─ OrderDiffers             the same idempotency key with another order
├─ SettingsBroken              an environment variable or settings file cannot be used
├─ ModelError                  the model's server said no, or said nothing
│  ├─ KeyMissing               no API key configured
│  ├─ KeyRejected              the server refused the key
│  ├─ AccessDenied             the account may not use this model
│  │  └─ OrganizationUnverified
│  ├─ NoCredit                 quota or billing limit reached
│  ├─ BudgetSpent              our own daily budget is used up
│  ├─ PromptRefused            moderation said no
│  ├─ RequestRejected          the server called the request wrong
│  │  └─ ModelNotServed        it has no such model
│  ├─ RateLimited              too many requests          (tried again)
│  ├─ ServerFailed             5xx                        (tried again)
│  ├─ ServerUnreachable        no connection was made     (tried again)
│  ├─ AnswerLost               sent, but no answer came back; may have been billed
│  └─ AnswerUnusable           an answer without a picture
├─ StoreError                  the disk or the database
│  ├─ StoreFull                no space left
│  ├─ StoreLocked              somebody else holds the database
│  ├─ StoreNewer               made by a newer version of this program
│  ├─ StoreUnavailable         cannot be opened or written
│  ├─ BlobMissing              bytes that the catalog names are gone or damaged
│  ├─ RunUnknown               no run of that id
│  ├─ CutUnknown               no cut of that id among those of a picture
│  ├─ OrderUnknown             no order of that id
│  └─ ImageUnknown             no image of that id
├─ OrdersTooMany              more orders than this token or this house may have just now
└─ RunStopped                  a run was cancelled
"""

from __future__ import annotations

import errno
import inspect


class AvatarError(Exception):
    """Something went wrong in the avatar studio. Look at the log, then try again."""

    def __init__(self, message: str = "") -> None:
        super().__init__(message or inspect.cleandoc(type(self).__doc__ or "").partition("\n")[0])

    @property
    def message(self) -> str:
        """The text to show to a user."""
        return str(self)

    @property
    def code(self) -> str:
        """The stable name of the mishap, as stored and as programs see it, such as ``RateLimited``."""
        return type(self).__name__


class InputError(AvatarError):
    """This input cannot be used. Correct it and try again; nothing was spent."""


class NoPeople(InputError):
    """There is no usable person here. Add at least one complete row."""


class TooManyPeople(InputError):
    """There are more people than fit here. Use fewer rows, or the command line for long lists."""


class UnreadableTable(InputError):
    """This file cannot be read as a table of people. Save it as CSV or JSON and try again."""


class TemplateBroken(InputError):
    """The template cannot be used. Compare its placeholders with the documented ones."""


class TemplateUnknown(InputError):
    """There is no template of that name. Choose one of the listed templates."""


class FilterUnknown(InputError):
    """There is no filter of that name. Choose one of the listed filters."""


class FilterBroken(InputError):
    """The file of filters cannot be used. Compare the new filter with the others in data/filters.toml."""


class FilterNeedsModel(InputError):
    """This look cannot be given to a finished picture. Let the prompt speak of it, or choose another look."""


class PromptTooLong(InputError):
    """The prompt is longer than the model accepts. Shorten the template or choose another model."""


class ModelUnknown(InputError):
    """No such model is known here. Choose one of the listed models."""


class ModelRetired(InputError):
    """This model has been shut down by its provider. Choose its successor.

    Attributes:
        successor: the id of the living model that replaces it, to offer in one click; empty if none is known.
    """

    successor = ""


class ChoiceIllegal(InputError):
    """This model does not offer that size or quality. Choose one of those it offers."""


class PictureUnreadable(InputError):
    """These bytes are not a picture that can be opened. Use a PNG, JPEG or WebP file."""


class CutIllegal(InputError):
    """These lines make no nine cells. Move them apart, or go back to the lines that were found."""


class WishIllegal(InputError):
    """This order cannot be carried out. Change the field that it names, then send it again.

    Attributes:
        field: the name of what cannot be had.
    """

    def __init__(self, message: str = "", field: str = "") -> None:
        super().__init__(message)
        self.field = field


class OrderDiffers(InputError):
    """This idempotency key was used for another order. Use a new key for a new order."""


class SettingsBroken(AvatarError):
    """A setting cannot be used. Correct the environment variable or the .env file and start again."""


class ModelError(AvatarError):
    """The image model could not answer. Try again, or choose another model.

    Attributes:
        retry_after: seconds that the server asked us to wait, never undercut; None if it did not say.
        request_id: the provider's id of the request, for its support.
    """

    #: Whether the same request may be sent again without asking the user.
    retryable = False
    #: Whether the provider may charge for this request although no picture arrived.
    may_be_billed = False

    def __init__(
        self, message: str = "", *, retry_after: float | None = None, request_id: str | None = None
    ) -> None:
        super().__init__(message)
        self.retry_after = retry_after
        self.request_id = request_id


class KeyMissing(ModelError):
    """No API key is configured. Set OPENAI_API_KEY and start again, or choose the demo model."""


class KeyRejected(ModelError):
    """The server refused the API key. Check OPENAI_API_KEY and OPENAI_BASE_URL, then start again."""


class AccessDenied(ModelError):
    """This account may not use the model. Choose another model or ask for access at the provider."""


class OrganizationUnverified(AccessDenied):
    """The organisation must be verified before it may use this model. Verify it at platform.openai.com/settings/organization/general; it can take 15 minutes to take effect."""


class NoCredit(ModelError):
    """The account has no credit left or reached its spending limit. Add credit at the provider, then try again."""


class BudgetSpent(ModelError):
    """The daily budget leaves no room for this picture. Wait until yesterday's pictures no longer count, or raise AVATAR_DAILY_BUDGET and start again."""


class PromptRefused(ModelError):
    """The provider's safety system refused the prompt or the picture. Change the words, then generate again."""


class RequestRejected(ModelError):
    """The server rejected the request. Choose another size, quality or model, then generate again."""


class ModelNotServed(RequestRejected):
    """The server does not have this model. Choose another model, then generate again.

    Attributes:
        successor: the id of the model that replaces it, to offer in one click; empty if none is known.
    """

    successor = ""


class RateLimited(ModelError):
    """The server asks for fewer requests. Wait a little, then try again."""

    retryable = True


class ServerFailed(ModelError):
    """The server failed. Try again in a few minutes."""

    retryable = True


class ServerUnreachable(ModelError):
    """The server cannot be reached. Check the network and OPENAI_BASE_URL, then try again."""

    retryable = True


class AnswerLost(ModelError):
    """The request was sent but no answer came back, so it may have been billed. Check the provider's usage page before you generate again."""

    may_be_billed = True


class AnswerUnusable(ModelError):
    """The server answered without a usable picture, and may have billed it. Check that the model draws pictures, then generate again.

    Attributes:
        data: what came where the picture should be, byte for byte and at most 64 MB, to keep and look at; may be empty.
    """

    may_be_billed = True
    data = b""


class StoreError(AvatarError):
    """The store could not do this. Check the data folder and the database, then try again."""


class StoreFull(StoreError):
    """The disk is full. Free some space or move AVATAR_DATA_DIR to another disk, then try again."""


class StoreLocked(StoreError):
    """The database is locked by another program. Close it, then try again."""


class StoreNewer(StoreError):
    """The database was made by a newer version of this program. Update the program, or point AVATAR_DATA_DIR at another folder."""


class StoreUnavailable(StoreError):
    """The store cannot be opened. Check that AVATAR_DATA_DIR, AVATAR_DATABASE_URL and AVATAR_STORAGE_URL exist and are writable."""


class BlobMissing(StoreError):
    """A stored picture is missing or damaged. Restore the data folder from a backup, or generate again."""


class RunUnknown(StoreError):
    """There is no run of that id here. Open the gallery to see the runs that exist."""


class CutUnknown(StoreError):
    """That cut is not one of this picture's. Reload the page to see the cuts that there are."""


class OrderUnknown(StoreError):
    """There is no order of that id here. Use the id that came with the order's answer."""


class ImageUnknown(StoreError):
    """There is no image of that id here. It may have been deleted."""


class OrdersTooMany(AvatarError):
    """There are more orders than are allowed just now. Wait a little, then order again.

    Attributes:
        retry_after: seconds to wait.
    """

    def __init__(self, message: str = "", *, retry_after: float = 1.0) -> None:
        super().__init__(message)
        self.retry_after = retry_after


class RunStopped(AvatarError):
    """The run was cancelled. Generate again to continue; pictures that already arrived are kept and not paid twice."""


def error_named(code: str, message: str) -> AvatarError:
    """Make the error again that was stored as ``code`` and ``message``; an unknown code gives AvatarError."""
    family: list[type[AvatarError]] = [AvatarError]
    for member in family:
        if member.__name__ == code:
            return member(message)
        family.extend(member.__subclasses__())
    return AvatarError(message)


def disk_error(error: OSError, what: str) -> StoreError:
    """What the operating system says about a file, in the words of this family; ``what`` names the file or place."""
    if error.errno in (errno.ENOSPC, errno.EDQUOT):
        return StoreFull()
    reason = error.strerror or type(error).__name__
    return StoreUnavailable(
        f"{what} cannot be written or read ({reason}). Check that its folder exists and is writable."
    )
