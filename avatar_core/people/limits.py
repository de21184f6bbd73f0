"""How much one table may hold. Whatever is larger is refused with a message that says what to do."""

MAX_BYTES = 32 * 1024 * 1024  #: of a file
MAX_UNPACKED = 128 * 1024 * 1024  #: bytes of what a workbook or a Parquet file holds, once unpacked
MAX_TEXT = (
    64 * 1024 * 1024
)  #: characters of all cells together: a small file can repeat a long text very often
MAX_ROWS = 10_000
MAX_COLUMNS = 200
MAX_CELL = 32_767  #: characters, the limit of a spreadsheet's cell
MAX_NESTING = 8  #: objects within objects
MAX_AGE = 120
MAX_OCCUPATION = 80  #: characters

#: Rows beyond the limit that are read before reading stops, so that a header and titles do not count as people.
SPARE_ROWS = 20
