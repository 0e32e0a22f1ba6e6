# shellcheck shell=bash
# PyTorch on the CPU, and what runs a notebook: the tests run the code that the lab writes for a student.

for python in "${PYTHON:-python3}" /usr/bin/python3; do
  if "$python" -c 'import ipykernel, nbclient, numpy, torch' 2>/dev/null; then return; fi
done
apt_install 'PyTorch, with which the tests run the code that the lab writes (170 MB to fetch, a minute or two)' \
  python3-torch python3-numpy python3-ipykernel python3-nbclient
