"""The door for web servers: `granian --interface asgi guixin.asgi:application`.

The pages are synchronous and keep their threads, each with its own connection to the database; only the open
connections of live updates are asynchronous.
"""

import os
from typing import Any, cast
from urllib.parse import quote

from a2wsgi import WSGIMiddleware

from guixin.wsgi import application as pages

THREADS = int(os.environ.get("GUIXIN_THREADS", "4"))


def _application():
    from guixin.channels.live.door import PATH, Door

    live, others = Door(), WSGIMiddleware(cast(Any, pages), workers=THREADS)

    async def application(scope, receive, send):
        if scope["type"] == "http" and scope["path"] == PATH:
            return await live(scope, receive, send)
        if scope["type"] == "http":
            # What is not ASCII in a query is written as browsers write it, so that it can be read.
            scope = {
                **scope,
                "query_string": quote(scope["query_string"], safe="%/?:@!$&'()*+,;=~-._").encode(),
            }

        async def received():
            return await receive()  # granian gives a future where a2wsgi wants a coroutine

        return await others(scope, received, send)

    return application


application = _application()
