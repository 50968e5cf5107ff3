package io.sqletl.engine.stage.function;

import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.util.Arrays;
import java.util.List;
import java.util.zip.GZIPInputStream;
import java.util.zip.InflaterInputStream;
import net.jpountz.lz4.LZ4FrameInputStream;
import org.apache.commons.compress.compressors.bzip2.BZip2CompressorInputStream;

/** How a file is packed, by the end of its name. */
enum Compression {
  GZIP(List.of(".gz", ".gzip")) {
    @Override
    InputStream open(InputStream packed) throws IOException {
      return new GZIPInputStream(packed);
    }
  },
  BZIP2(List.of(".bz2", ".bzip2")) {
    @Override
    InputStream open(InputStream packed) throws IOException {
      return new BZip2CompressorInputStream(new BufferedInputStream(packed), true);
    }
  },
  LZ4(List.of(".lz4")) {
    @Override
    InputStream open(InputStream packed) throws IOException {
      return new LZ4FrameInputStream(packed);
    }
  },
  DEFLATE(List.of(".deflate")) {
    @Override
    InputStream open(InputStream packed) {
      return new InflaterInputStream(packed);
    }
  },
  NONE(List.of("")) {
    @Override
    InputStream open(InputStream packed) {
      return packed;
    }
  };

  private final List<String> endings;

  Compression(List<String> endings) {
    this.endings = endings;
  }

  static Compression of(String name) {
    return Arrays.stream(values())
        .filter(compression -> compression.endings.stream().anyMatch(name::endsWith))
        .findFirst()
        .orElse(NONE);
  }

  /** The unpacked bytes; closes what it is given when it is closed. */
  abstract InputStream open(InputStream packed) throws IOException;
}
