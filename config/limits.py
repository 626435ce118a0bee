"""What a process that serves waits for; commands may take their time.

``config.wsgi`` sets these limits, so that a database that hangs, or that somebody
else has locked, costs a visitor a few seconds and not the site. What takes longer
fails as any outage does (``comparisons.web.outages``).
"""

from django.db.backends.signals import connection_created

SECONDS = 2.5


def set_limits():
    """Limit every connection that this process opens from now on."""
    connection_created.connect(_limit, dispatch_uid="limits")


def _limit(connection, **kwargs):
    milliseconds = round(SECONDS * 1000)
    raw = connection.connection
    if connection.vendor == "sqlite":
        raw.execute(f"PRAGMA busy_timeout = {milliseconds}")
        return
    with raw.cursor() as cursor:
        cursor.execute(f"SET statement_timeout = {milliseconds}")
        cursor.execute(f"SET lock_timeout = {milliseconds}")
        # To compile the questions of a page takes longer than to answer them.
        cursor.execute("SET jit = off")
    # A server that hangs keeps no time, and acknowledges every byte all the same.
    wait = raw.wait

    def wait_so_long(steps, **options):
        from psycopg import OperationalError, pq

        try:
            return wait(steps, **{"timeout": SECONDS + 0.2} | options)
        except OperationalError:
            # Whatever it answers later is no answer to the next question.
            if raw.pgconn.transaction_status == pq.TransactionStatus.ACTIVE:
                raw.pgconn.finish()
            raise

    raw.wait = wait_so_long
