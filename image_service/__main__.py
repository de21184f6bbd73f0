"""``python -m image_service``: serve, or look after the access tokens."""

from image_service.commands import main

if __name__ == "__main__":
    main()
