"""What every format made of XML (feeds, workbooks) has to leave out."""

from __future__ import annotations

import re

# Characters that XML 1.0 does not allow (W3C, production 2 "Char").
NOT_IN_XML = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff]")
