package jakarta.servlet;

/**
 * The marker that Servlet 6 dropped. Spark's own Jetty, of the Servlet 5 line, asks every servlet
 * whether it is one, while the lake's server needs the API of Servlet 6; only one of the two can be
 * on a class path. No servlet of either has it.
 */
public interface SingleThreadModel {}
