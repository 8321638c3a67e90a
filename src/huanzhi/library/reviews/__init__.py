"""The ledger of reviews 审核账: marks and substituted values beside the raw values, which never change.

Rows are only ever added. What ends a mark is a row too, with who, when and why; two triggers refuse any
change of a row. The reviewed view lays the marks over a window of the observation store.
"""

from huanzhi.library.reviews.ledger import Ledger, open_ledger
from huanzhi.library.reviews.model import Cover, Ended, Held, HeldSubstitute, Mark, Renewal, Role, Substitute
from huanzhi.library.reviews.view import Reviewed, reviewed

__all__ = [
    "Cover",
    "Ended",
    "Held",
    "HeldSubstitute",
    "Ledger",
    "Mark",
    "Renewal",
    "Reviewed",
    "Role",
    "Substitute",
    "open_ledger",
    "reviewed",
]
