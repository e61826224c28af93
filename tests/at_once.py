"""Acts of several people at the same moment."""

import threading
from collections import Counter
from collections.abc import Callable

from django.db import connections


def at_once(*acts: Callable[[], object]) -> Counter[str]:
    """Do each act in a thread of its own, all let go together. How many ended in which way: "done", or by the error's
    name. Give the test `django_db(transaction=True)`.
    """
    gate, ends = threading.Barrier(len(acts)), Counter[str]()

    def run(act: Callable[[], object]) -> None:
        gate.wait()
        try:
            act()
            ends["done"] += 1
        except Exception as error:
            ends[type(error).__name__] += 1
        finally:
            connections.close_all()

    threads = [threading.Thread(target=run, args=(act,)) for act in acts]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return ends
