package io.sqletl.engine.stage.extract;

import io.sqletl.engine.job.Key;
import io.sqletl.engine.job.KeyGroup;
import io.sqletl.engine.stage.DelimitedFormat;
import io.sqletl.engine.stage.MalformedRecords;
import io.sqletl.engine.stage.OutputView;
import io.sqletl.engine.stage.SchemaSource;

/** The keys of DelimitedExtract. */
public record DelimitedExtract(
    @KeyGroup InputSource input,
    @KeyGroup OutputView output,
    @KeyGroup DelimitedFormat format,
    @Key(value = "The character before a quote that belongs to its value.", defaultValue = "\\")
        String escape,
    @Key(
            value =
                "Whether quoted values may hold line breaks; a file is then read by one task, and"
                    + " its records are numbered instead of its lines. Files that begin with such"
                    + " a value (in their first 8 MB) are read so in any case.",
            defaultValue = "false")
        boolean multiLine,
    @Key(
            value =
                "The encoding of the files, a name that Java knows, such as ISO-8859-1,"
                    + " windows-1252 or UTF-16.",
            defaultValue = "UTF-8")
        String encoding,
    @Key(value = MalformedRecords.KEY, defaultValue = "report") MalformedRecords malformedRecords,
    @Key(
            value =
                "Whether files of all folders below are read, but those whose names begin with _ or"
                    + " .; names of folders (key=value) are no columns then.",
            defaultValue = "false")
        boolean recursiveFileLookup,
    @KeyGroup FileReading reading,
    @KeyGroup SchemaSource schema) {

  /** The same, of files whose quoted values hold line breaks. */
  DelimitedExtract withMultiLine() {
    return new DelimitedExtract(
        input,
        output,
        format,
        escape,
        true,
        encoding,
        malformedRecords,
        recursiveFileLookup,
        reading,
        schema);
  }
}
