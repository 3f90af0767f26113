"""The other side of `./diffusion4j bench --peer`: does the same work in PyTorch and says how long it took.

    python3 peer.py THREADS SECONDS

warms up for that many seconds before each work. It reads commands, parted by tabs, and answers each with a
line of JSON:

    version             which PyTorch, with how many threads
    open FOLDER MODE    what is to be done, from a folder that diffusion4j wrote
    check FOLDER MODE   how far answer, loss and gradient are from those in the folder
    run N               {"seconds": [...], "peak_kib": ...} of N repetitions

A command that fails is answered with {"error": "..."}. MODE joins eager or compiled with channels-last
and bf16, as in channels-last-compiled. Needs torch, nothing else.
"""

import json
import os
import platform
import sys
import time


def peak_kib():
    """The most memory that this process had at a time, or None where the system does not say."""
    try:
        with open("/proc/self/status") as status:
            return next(int(line.split()[1]) for line in status if line.startswith("VmHWM"))
    except OSError:
        return None


class Session:
    WARM_UP_REPETITIONS = 3

    def __init__(self, threads, warm_up_seconds):
        import torch

        torch.set_num_threads(threads)
        self.version = torch.__version__
        self.threads = torch.get_num_threads()
        self.warm_up_seconds = warm_up_seconds
        self.work = None

    def open(self, path, mode):
        from folder import Folder
        from work import ForwardWork, Mode, TrainingWork

        folder, mode = Folder(path), Mode(mode)
        network = mode.network(folder)
        self.work = {"train": TrainingWork, "forward": ForwardWork}[folder.recipe["kind"]](folder, mode, network)
        repetitions, start = 0, time.perf_counter()
        while repetitions < self.WARM_UP_REPETITIONS or time.perf_counter() - start < self.warm_up_seconds:
            self.work.once()
            repetitions += 1
        return self.versions() | {"parameters": sum(p.numel() for p in network.parameters())}

    def versions(self):
        return {"version": f"PyTorch {self.version}, Python {platform.python_version()}", "threads": self.threads}

    def check(self, path, mode):
        from folder import Folder
        from work import Mode, check

        return check(Folder(path), Mode(mode))

    def run(self, repetitions):
        seconds = []
        for _ in range(int(repetitions)):
            start = time.perf_counter()
            self.work.once()
            seconds.append(time.perf_counter() - start)
        return {"seconds": seconds, "peak_kib": peak_kib()}


def main():
    answers = os.fdopen(os.dup(1), "w")
    os.dup2(2, 1)  # whatever a library prints is no answer
    session = None
    for line in sys.stdin:
        name, *arguments = line.rstrip("\n").split("\t")
        try:
            if session is None:
                session = Session(int(sys.argv[1]), float(sys.argv[2]))
            commands = {"version": session.versions, "open": session.open, "check": session.check, "run": session.run}
            answer = commands[name](*arguments)
        except Exception as problem:  # whatever it is, the other side must hear of it
            first = (str(problem).strip() or repr(problem)).splitlines()[0]
            answer = {"error": f"{type(problem).__name__}: {first}"}
        answers.write(json.dumps(answer) + "\n")
        answers.flush()


if __name__ == "__main__":
    main()
