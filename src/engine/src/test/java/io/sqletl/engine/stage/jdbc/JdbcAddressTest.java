package io.sqletl.engine.stage.jdbc;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class JdbcAddressTest {

  @Test
  void urlsOfOtherDriversAreMasked() {
    assertThat(
            JdbcAddress.masked(
                "jdbc:postgresql://h/db?user=u&PASSWORD=p1&ssl=true"
                    + " jdbc:sqlserver://h;password={p;2};encrypt=true"
                    + " jdbc:mysql://u:p3@h/db jdbc:oracle:thin:scott/p4@//h:1521/x"
                    + " jdbc:snowflake://h/?private_key_pwd=p5&token=p6"))
        .isEqualTo(
            "jdbc:postgresql://h/db?user=u&PASSWORD=*****&ssl=true"
                + " jdbc:sqlserver://h;password=*****;encrypt=true"
                + " jdbc:mysql://u:*****@h/db jdbc:oracle:thin:scott/*****@//h:1521/x"
                + " jdbc:snowflake://h/?private_key_pwd=*****&token=*****");
  }
}
