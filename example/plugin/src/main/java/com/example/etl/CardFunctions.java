package com.example.etl;

import io.sqletl.engine.stage.function.CatalystFunctions;
import io.sqletl.engine.stage.function.FunctionSet;
import java.io.Serializable;
import java.util.Map;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.api.java.UDF1;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.unsafe.types.UTF8String;

/** SQL functions for the numbers of payment cards. */
public final class CardFunctions implements FunctionSet, Serializable {

  @Override
  public void register(SparkSession spark) {
    // Part of the code that Spark generates; null gives null without a call
    new CatalystFunctions(spark)
        .register("is_luhn", this, "isLuhn", DataTypes.BooleanType, DataTypes.StringType);
    // Or the plain way, for which each value becomes a Java object first
    UDF1<String, String> mask =
        number -> number == null ? null : number.replaceAll(".(?=.{4})", "*");
    spark.udf().register("mask_card", mask, DataTypes.StringType);
    spark.udf().register("hide_card", mask, DataTypes.StringType);
  }

  /** Whether the last digit is the one that the others ask for. */
  public boolean isLuhn(UTF8String number) {
    String digits = number.toString();
    if (!digits.matches("[0-9]{2,}")) {
      return false;
    }
    int sum = 0;
    for (int i = 0; i < digits.length(); i++) {
      int digit = digits.charAt(digits.length() - 1 - i) - '0';
      int weighted = i % 2 == 0 ? digit : digit * 2;
      sum += weighted > 9 ? weighted - 9 : weighted;
    }
    return sum % 10 == 0;
  }

  @Override
  public Map<String, String> deprecations() {
    return Map.of("hide_card", "use mask_card");
  }
}
