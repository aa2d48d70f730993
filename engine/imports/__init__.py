"""Starting many instances from an Excel file whose columns are the fields of the start form."""

from engine.imports.rows import ImportReport, RowResult, import_sheet
from engine.sheets import Sheet, read_sheet, sheet_of

__all__ = ["ImportReport", "RowResult", "Sheet", "import_sheet", "read_sheet", "sheet_of"]
