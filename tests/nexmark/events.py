"""The golden event file: 100,000 seeded Nexmark events, one a millisecond, made by nexmark_gen and checked by its hash."""
import hashlib
import os
import subprocess

SHA256 = "c8f855c6f2c94f561710bda572d1f3ce0c657a7db68bd2d86df51df4911fc579"


def hash_of(path):
    with open(path, "rb") as f:
        return hashlib.file_digest(f, "sha256").hexdigest()


def golden(build, folder):
    """The path of the file in the folder, made where it is missing."""
    path = os.path.join(folder, "ev100k.jsonl")
    if not os.path.exists(path) or hash_of(path) != SHA256:
        subprocess.run([os.path.join(build, "nexmark_gen"), "-n", "100000", "-r", "1000", "-o", path], check=True)
        if hash_of(path) != SHA256:
            raise RuntimeError("nexmark_gen made other bytes than the ones that Flink's answers belong to")
    return path
