#!/usr/bin/env bash
# ORC files of pyarrow (its writer is ORC's C++ library) and ORC's Java reader disagree about times
# before 1970 that have a fraction of a second. The same file, written and read with pyarrow, is right.
#
# Versions: pyarrow 26.0.1, orc-core 2.2.1 (the one of Spark 4.1), Hadoop client 3.4.3.
# Seen: for 1969-12-31 23:59:58.5 the Java reader gives -500000000 nanoseconds, which its own
# TimestampColumnVector says is 0 to 999999999; of a file that the Java writer wrote it gives
# 500000000. Whoever makes a java.sql.Timestamp of it, as Spark does, fails with
# "nanos > 999999999 or < 0". 1970 and later are right in both.
# What to do: write such times as Parquet, or as text.
#
# Needs bash, curl, Java 17 and Python 3 with venv. Fails if the behaviour has changed.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"

python3 -m venv venv
venv/bin/pip install --quiet pyarrow==26.0.1
venv/bin/python - <<'PYTHON'
import datetime
import pyarrow
from pyarrow import orc

times = [datetime.datetime(1969, 12, 31, 23, 59, 58, 500000), datetime.datetime(1970, 1, 1, 0, 0, 1, 500000)]
orc.write_table(pyarrow.table({"t": pyarrow.array(times, pyarrow.timestamp("us"))}), "python.orc")
assert [t.to_pydatetime() if hasattr(t, "to_pydatetime") else t for t in orc.read_table("python.orc")["t"].to_pylist()] == times
PYTHON

central=https://repo.maven.apache.org/maven2
while read -r path; do
  curl --fail --silent --show-error --remote-name "$central/$path"
done <<'JARS'
org/apache/orc/orc-core/2.2.1/orc-core-2.2.1-shaded-protobuf.jar
org/apache/orc/orc-format/1.1.1/orc-format-1.1.1-shaded-protobuf.jar
org/apache/orc/orc-shims/2.2.1/orc-shims-2.2.1.jar
org/apache/hive/hive-storage-api/2.8.1/hive-storage-api-2.8.1.jar
io/airlift/aircompressor/2.0.2/aircompressor-2.0.2.jar
org/apache/hadoop/hadoop-client-api/3.4.3/hadoop-client-api-3.4.3.jar
org/apache/hadoop/hadoop-client-runtime/3.4.3/hadoop-client-runtime-3.4.3.jar
com/github/luben/zstd-jni/1.5.7-6/zstd-jni-1.5.7-6.jar
org/slf4j/slf4j-api/2.0.17/slf4j-api-2.0.17.jar
JARS
cat >Times.java <<'JAVA'
import java.sql.Timestamp;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.Path;
import org.apache.hadoop.hive.ql.exec.vector.TimestampColumnVector;
import org.apache.orc.OrcFile;
import org.apache.orc.TypeDescription;

class Times {
  public static void main(String[] files) throws Exception {
    var schema = TypeDescription.fromString("struct<t:timestamp>");
    var options = OrcFile.writerOptions(new Configuration()).setSchema(schema).useUTCTimestamp(true);
    try (var writer = OrcFile.createWriter(new Path("java.orc"), options)) {
      var batch = schema.createRowBatch();
      var column = (TimestampColumnVector) batch.cols[0];
      column.set(0, Timestamp.from(java.time.Instant.parse("1969-12-31T23:59:58.5Z")));
      column.set(1, Timestamp.from(java.time.Instant.parse("1970-01-01T00:00:01.5Z")));
      batch.size = 2;
      writer.addRowBatch(batch);
    }
    for (String file : new String[] {"java.orc", "python.orc"}) {
      var reader = OrcFile.createReader(
          new Path(file), OrcFile.readerOptions(new Configuration()).useUTCTimestamp(true));
      var batch = reader.getSchema().createRowBatch();
      var rows = reader.rows();
      while (rows.nextBatch(batch)) {
        var column = (TimestampColumnVector) batch.cols[0];
        for (int i = 0; i < batch.size; i++) {
          System.out.println(file + " " + column.time[i] + " ms " + column.nanos[i] + " ns");
        }
      }
    }
  }
}
JAVA
java -cp "$(printf '%s:' ./*.jar)" Times.java 2>errors | tee seen || { cat errors >&2; exit 1; }
diff - seen <<'EXPECTED'
java.orc -1500 ms 500000000 ns
java.orc 1500 ms 500000000 ns
python.orc -1500 ms -500000000 ns
python.orc 1500 ms 500000000 ns
EXPECTED
echo "As described."
