"""The classroom kit, whole: built, network cut, installed from its folder alone, chapter 01 run.

    python tests/benchmarks/classroom.py FOLDER [--sets pizza_steak …]

Linux only: `unshare` starts the second part in a place that has no network but the machine itself.
FOLDER receives `kit/` and `room/` (the installed course), about 4 GB; remove it afterwards. The
figures: seconds on the wall, which depend on the network, the disk and the neighbours, and MB (10^6
bytes). Chapter 01 runs on the sample, in its copy with solutions, through nbval: the cells whose
output must repeat are compared.
"""

import os
import re
import shutil
import signal
import socket
import subprocess
import sys
import time
import urllib.request
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
WAIT = 900  # seconds for an installation, at most
SERVER = "c.ServerApp.open_browser = False\nc.ServerApp.allow_root = True\n"
CHAPTER = "notebooks/pt/solutions/01_dog_breeds.ipynb"


def megabytes(folder):
    """Size of what is in a folder, links not followed."""
    return sum(path.lstat().st_size for path in folder.rglob("*") if not path.is_dir()) / 1e6


def timed(text, command, **options):
    """Runs a command that must succeed and prints how long it took."""
    start = time.perf_counter()
    subprocess.run(command, check=True, **options)
    print(f"= {text}: {time.perf_counter() - start:.0f} s", flush=True)


def no_network():
    """Stops where an address outside can still be reached."""
    for address in (("1.1.1.1", 443), ("pypi.org", 443)):
        try:
            socket.create_connection(address, timeout=5).close()
        except OSError as error:
            print(f"= {address[0]}: {error}", flush=True)
        else:
            sys.exit(
                f"Expected no network. Received: {address[0]} answers. unshare did not cut it."
            )


def install(kit, room, environment):
    """Starts the kit's own Python file as a student does, until JupyterLab gives a page."""
    # the Python below the virtual environment: it has none of the course's packages
    command = [sys._base_executable, kit / "install.py", room]
    start, log = time.perf_counter(), room.with_name("install.log")
    with open(log, "wb") as output:
        process = subprocess.Popen(
            command, env=environment, stdout=output, stderr=output, start_new_session=True
        )
    page = None
    while page is None and process.poll() is None and time.perf_counter() - start < WAIT:
        time.sleep(0.5)
        page = re.search(r"http://localhost\S+", log.read_text("utf-8"))
    if page is None:
        sys.exit(
            f"Expected JupyterLab's address in {log}. Received: {log.read_text('utf-8')[-2000:]}"
        )
    with urllib.request.urlopen(page[0], timeout=60) as answer:
        opened = answer.status, "/lab/tree/notebooks/pt" in answer.url
    seconds = time.perf_counter() - start
    print(f"= install.py until JupyterLab answers {opened}: {seconds:.0f} s", flush=True)
    os.killpg(process.pid, signal.SIGKILL)
    process.wait()


def inside(folder):
    """What happens without a network."""
    kit, room = folder / "kit", folder / "room"
    no_network()
    settings = folder / "settings"
    settings.mkdir(exist_ok=True)
    (settings / "jupyter_server_config.py").write_text(SERVER)
    environment = {name: os.environ[name] for name in ("PATH", "LANG") if name in os.environ}
    environment |= {"HOME": str(folder), "JUPYTER_CONFIG_DIR": str(settings)}
    install(kit, room, environment)
    python = room / ".venv/bin/python"
    print(f"= course and environment: {megabytes(room):,.0f} MB", flush=True)
    subprocess.run([python, "-m", "pip", "check"], check=True, env=environment)
    alone = ["-o", "addopts=--nbval-lax --nbval-current-env"]  # a student has no pytest-xdist
    timed(f"{CHAPTER}", [python, "-m", "pytest", *alone, CHAPTER], cwd=room, env=environment)


def main():
    """Builds the kit, then calls itself without a network."""
    if len(sys.argv) == 3 and sys.argv[1] == "--inside":
        return inside(Path(sys.argv[2]))
    if len(sys.argv) < 2 or sys.platform != "linux" or not shutil.which("unshare"):
        sys.exit(__doc__)
    folder = Path(sys.argv[1]).absolute()
    if (folder / "room").exists():
        sys.exit(f"Expected no {folder / 'room'}: the environment must be fresh. Remove it.")
    folder.mkdir(parents=True, exist_ok=True)
    build = [sys.executable, "-m", "helpers.classroom", folder / "kit", *sys.argv[2:]]
    timed("kit built", build, cwd=ROOT)
    print(f"= kit: {megabytes(folder / 'kit'):,.0f} MB", flush=True)
    again = 'ip link set lo up && exec "$0" "$@"'  # kernels talk over the loopback interface
    command = ["unshare", "--map-root-user", "--net", "sh", "-c", again]
    subprocess.run([*command, sys.executable, __file__, "--inside", folder], check=True)


if __name__ == "__main__":
    main()
