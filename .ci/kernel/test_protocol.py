"""The protocol suite of the Jupyter project."""

import unittest

import jupyter_kernel_test
from notebook_client import Notebook  # noqa: F401  (the same folder)


class ArcKernelTest(jupyter_kernel_test.KernelTests):
    kernel_name = "arc"
    language_name = "arc"
    file_extension = ".json"

    code_execute_result = [
        {"code": "%sql SELECT 6 * 7 AS answer", "result": "answer\n   int\n------\n    42"},
    ]
    code_history_pattern = "%sql SELECT 6*"
    code_display_data = [
        # Two stages in a cell: the first one's rows are shown before the result
        {
            "code": '{type: SQLTransform, name: a, outputView: a, sql: "SELECT 1"}\n'
            '{type: SQLTransform, name: b, outputView: b, sql: "SELECT 2"}',
            "mime": "text/html",
        },
    ]
    code_generate_error = '{"type": "NoSuchStage", "name": "x"}'
    code_inspect_sample = "%sql"
    completion_samples = [
        {"text": "%sqlv", "matches": {"%sqlvalidate"}},
        {"text": '{"type": "DelimitedEx', "matches": {"DelimitedExtract"}},
    ]
    complete_code_samples = ["%sql SELECT 1", "%sql\nSELECT 1;", '{"type": "X"}', "%version", "%env"]
    incomplete_code_samples = ["%sql", "%sql\nSELECT 1", '{"type": "X"', '{"a": [1,']

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        # The suite gives a cell 15 s; the first one may wait for Spark
        cls.kc.execute_interactive("%sql SELECT 1", timeout=180)


if __name__ == "__main__":
    unittest.main()
