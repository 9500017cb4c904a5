"""The AWS emulator of the local cloud: MiniStack with our overlay, on the loopback interface only.

    .local/venv/bin/python infra/local/emulator.py --port 4577

It keeps nothing: whoever starts it deploys the template to it. Functions run elsewhere; for each one the variable
`MINISTACK_LAMBDA_PROXY_<function name>` holds the URL that takes its events.
"""

import argparse
import os
import sys

# Read by MiniStack when it is imported, so they are set before anything of it is.
SETTINGS = {
    "BIND_HOST": "127.0.0.1",
    "IOT_MTLS_ENABLED": "0",
    "PERSIST_STATE": "0",
    "S3_PERSIST": "0",
    "SFTP_ENABLED": "0",
}


def main(arguments: list[str]) -> int:
    """Parses the command line and serves until a signal ends it."""
    parser = argparse.ArgumentParser(description="Emulates the AWS services that Recollect uses, on 127.0.0.1.")
    parser.add_argument("--port", type=int, required=True, help="the port to listen on")
    port = parser.parse_args(arguments).port

    os.environ.update(SETTINGS, GATEWAY_PORT=str(port), AWS_ENDPOINT_URL=f"http://127.0.0.1:{port}")
    sys.argv = sys.argv[:1]  # MiniStack has a command line of its own

    import overlay

    overlay.install()
    from ministack.app import main as serve

    return serve() or 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
