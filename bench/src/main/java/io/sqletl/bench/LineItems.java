package io.sqletl.bench;

import io.trino.tpch.GenerateUtils;
import io.trino.tpch.LineItem;
import io.trino.tpch.LineItemGenerator;
import java.io.IOException;
import java.io.Writer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.Random;

/**
 * Writes the lineitem table of TPC-H as text with bars between the fields: {@code FILE SCALE
 * BROKEN_SHARE}. The same arguments give the same file.
 */
public final class LineItems {
  private static final int FIRST_TEXT_COLUMN = 11;

  private final Random random = new Random(600_572);
  private final double brokenShare;

  private LineItems(double brokenShare) {
    this.brokenShare = brokenShare;
  }

  /** Writes the file under another name first, so that one that is there is whole. */
  public static void main(String[] args) throws IOException {
    Path file = Path.of(args[0]);
    Path unfinished = file.resolveSibling(file.getFileName() + ".part");
    Files.createDirectories(file.getParent());
    LineItems items = new LineItems(Double.parseDouble(args[2]));
    try (Writer writer = Files.newBufferedWriter(unfinished, StandardCharsets.UTF_8)) {
      for (LineItem item : new LineItemGenerator(Double.parseDouble(args[1]), 1, 1)) {
        writer.append(items.line(item)).append('\n');
      }
    }
    Files.move(unfinished, file, StandardCopyOption.REPLACE_EXISTING);
  }

  /** The eleven columns with a type come first here, the five of text last. */
  private String line(LineItem item) {
    String[] fields = {
      Long.toString(item.getOrderKey()),
      Long.toString(item.getPartKey()),
      Long.toString(item.getSupplierKey()),
      Integer.toString(item.getLineNumber()),
      Long.toString(item.getQuantity()),
      GenerateUtils.formatMoney(item.getExtendedPriceInCents()),
      GenerateUtils.formatMoney(item.getDiscountPercent()),
      GenerateUtils.formatMoney(item.getTaxPercent()),
      GenerateUtils.formatDate(item.getShipDate()),
      GenerateUtils.formatDate(item.getCommitDate()),
      GenerateUtils.formatDate(item.getReceiptDate()),
      item.getReturnFlag(),
      item.getStatus(),
      item.getShipInstructions(),
      item.getShipMode(),
      item.getComment()
    };
    if (brokenShare > 0) {
      for (int i = 0; i < FIRST_TEXT_COLUMN; i++) {
        if (random.nextDouble() < brokenShare) {
          fields[i] = fields[i] + 'x';
        }
      }
    }
    return String.join("|", fields);
  }
}
