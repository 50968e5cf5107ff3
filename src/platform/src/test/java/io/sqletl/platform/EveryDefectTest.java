package io.sqletl.platform;

import static org.assertj.core.api.Assertions.assertThat;

import java.lang.reflect.Method;
import java.util.SortedSet;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.platform.commons.support.AnnotationSupport;
import org.junit.platform.commons.support.HierarchyTraversalMode;
import org.junit.platform.commons.support.ReflectionSupport;

/** The list of defects is a list of tests: a test's name ends with the numbers that it is about. */
class EveryDefectTest {

  private static final int DEFECTS = 54;
  private static final Pattern NUMBERS = Pattern.compile("Defect(\\d+(?:And\\d+)*)$");

  @Test
  void hasATest() {
    SortedSet<Integer> tested = new TreeSet<>();
    for (Class<?> type :
        ReflectionSupport.findAllClassesInPackage(
            EveryDefectTest.class.getPackageName(), found -> true, name -> name.endsWith("Test"))) {
      for (Method method :
          AnnotationSupport.findAnnotatedMethods(
              type, Test.class, HierarchyTraversalMode.TOP_DOWN)) {
        Matcher numbers = NUMBERS.matcher(method.getName());
        if (numbers.find()) {
          for (String number : numbers.group(1).split("And")) {
            tested.add(Integer.parseInt(number));
          }
        }
      }
    }
    assertThat(tested)
        .containsExactlyElementsOf(IntStream.rangeClosed(1, DEFECTS).boxed().toList());
  }
}
