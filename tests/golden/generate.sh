#!/bin/sh
# Writes the golden files of other programs anew: train.json, init.json, schemes.json and weight.json (PyTorch),
# theory.json and statistics.json (SciPy, statsmodels), widths.json (NumPy), singular.json (Python alone). Takes less than a minute. Needs Python 3 with torch, numpy, scipy and
# statsmodels, for instance on Debian:
#
#   apt-get install -y --no-install-recommends python3-torch python3-numpy python3-scipy python3-statsmodels
#
# Another Python: PYTHON=path/to/python3 tests/golden/generate.sh
set -eu
cd "$(dirname "$0")"
export PYTHONDONTWRITEBYTECODE=1

# Debian's packages belong to Debian's python3, which another python3 on the PATH may hide.
for candidate in "${PYTHON:-python3}" /usr/bin/python3; do
    if /usr/bin/env "$candidate" -c "import numpy, scipy, statsmodels, torch" 2>/dev/null; then
        python=$candidate
        break
    fi
done
if [ -z "${python:-}" ]; then
    echo "No Python here has torch, numpy, scipy and statsmodels. On Debian:" >&2
    echo "  apt-get install -y --no-install-recommends python3-torch python3-numpy python3-scipy python3-statsmodels" >&2
    exit 1
fi

for script in train.py theory.py init.py schemes.py studies.py singular.py weight.py widths.py; do
    echo "== $script: $(sed -n '2s/^"""//p' "$script")"
    /usr/bin/env "$python" "$script"
done
