#!/bin/bash
# Stands in for the entry point of Spark's official image, which no package registry has: the same three
# ways to start, with the same class path and the same arguments. Only CI's base image has it.
set -eo pipefail

classpath="$SPARK_HOME/conf:$SPARK_HOME/jars/*:$PWD"
options=()
for name in "${!SPARK_JAVA_OPT_@}"; do
  options+=("${!name}")
done

case "$1" in
  driver)
    shift
    exec /usr/bin/tini -s -- "$SPARK_HOME/bin/spark-submit" \
      --conf "spark.driver.bindAddress=$SPARK_DRIVER_BIND_ADDRESS" --deploy-mode client "$@"
    ;;
  executor)
    exec /usr/bin/tini -s -- "$JAVA_HOME/bin/java" "${options[@]}" \
      -Xms"$SPARK_EXECUTOR_MEMORY" -Xmx"$SPARK_EXECUTOR_MEMORY" -cp "$classpath" \
      org.apache.spark.scheduler.cluster.k8s.KubernetesExecutorBackend \
      --driver-url "$SPARK_DRIVER_URL" --executor-id "$SPARK_EXECUTOR_ID" \
      --cores "$SPARK_EXECUTOR_CORES" --app-id "$SPARK_APPLICATION_ID" \
      --hostname "$SPARK_EXECUTOR_POD_IP" --resourceProfileId "$SPARK_RESOURCE_PROFILE_ID" \
      --podName "$SPARK_EXECUTOR_POD_NAME"
    ;;
  *) exec "$@" ;;
esac
