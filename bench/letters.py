"""How many letters a second leave the outbox, over one line to a mail server that accepts everything."""

from __future__ import annotations

import subprocess
import sys
import time
from typing import Any

KIND = "Messung"
TEXT = "Guten Tag,\n\n" + "am Montag trifft sich der Koordinierungskreis im Kreishaus. " * 25


def measure(count: int = 1000) -> dict[str, Any]:
    """Write and send ``count`` letters of 2 kB; needs Django to be set up. Rates in letters a second."""
    import dj_email_url
    from django.conf import settings
    from django.core.mail import EmailMultiAlternatives

    from elbe_elster.outbox import delivery
    from elbe_elster.outbox.emails import Wish, finished_letter
    from elbe_elster.outbox.models import Letter

    message, wish = EmailMultiAlternatives("Treffen", TEXT), Wish(kind=KIND)
    command = [sys.executable, "-m", "tests.cellar.smtp_server"]
    before = settings.MAIL
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as sink:
        assert sink.stdin is not None and sink.stdout is not None  # noqa: S101, PT018 -- both are pipes
        settings.MAIL = {"TRANSPORT": "smtp", **dj_email_url.parse(f"smtp://127.0.0.1:{int(sink.stdout.readline())}")}
        try:
            start = time.perf_counter()
            addresses = [f"person-{number}@example.org" for number in range(count)]
            Letter.objects.bulk_create(
                finished_letter(message, recipient=address, key=f"{KIND}:{start}:{address}", wish=wish)
                for address in addresses
            )
            written = time.perf_counter()
            sent = delivery.deliver_letters(among=Letter.objects.filter(kind=KIND))
            done = time.perf_counter()
            sink.stdin.close()
            received = int(sink.stdout.readline())
        finally:
            settings.MAIL = before
            Letter.objects.filter(kind=KIND).delete()
    return {
        "letters": count,
        "sent": sent,
        "received": received,
        "written_per_second": round(count / (written - start)),
        "sent_per_second": round(sent / (done - written)),
    }


if __name__ == "__main__":
    import django

    django.setup()
    print(measure())
