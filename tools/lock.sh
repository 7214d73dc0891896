#!/bin/sh
# Pins all dependencies in requirements.lock, for every platform, without the CUDA packages that
# torch names on Linux: the installer adds them by itself where no CPU build can be had.
set -eu
cd "$(dirname "$0")/.."
cuda="triton cuda-bindings cuda-pathfinder cuda-toolkit nvidia-cublas nvidia-cuda-cccl nvidia-cuda-cupti
nvidia-cuda-nvrtc nvidia-cuda-runtime nvidia-cudnn-cu13 nvidia-cufft nvidia-cufile nvidia-curand
nvidia-cusolver nvidia-cusparse nvidia-cusparselt-cu13 nvidia-nccl-cu13 nvidia-nvjitlink
nvidia-nvshmem-cu13 nvidia-nvtx"
never=$(mktemp)
for package in $cuda; do echo "$package ; sys_platform == 'never'"; done >"$never"
env -u PIP_FIND_LINKS -u UV_FIND_LINKS .venv/bin/python -m uv pip compile pyproject.toml --extra dev \
    --universal --no-sources --python-version 3.11 --no-annotate --no-header --upgrade \
    --override "$never" --output-file requirements.lock --quiet
sed -i.bak "/sys_platform == 'never'/d" requirements.lock
rm -f requirements.lock.bak "$never"
