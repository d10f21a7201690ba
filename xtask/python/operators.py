"""Record onnxruntime's answer for single operators: operators.py FOLDER [PART-OF-NAME ...]"""

import sys

from single import elementwise, layout, sequence, sums


def main():
    root, chosen = sys.argv[1], sys.argv[2:]
    cases = [case for kind in (elementwise, layout, sums, sequence) for case in kind.cases()]
    for case in cases:
        if not chosen or any(part in case.name for part in chosen):
            case.record(root)
    print(f"{len(cases)} operators")


if __name__ == "__main__":
    main()
