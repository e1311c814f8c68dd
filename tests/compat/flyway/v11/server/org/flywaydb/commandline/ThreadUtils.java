package org.flywaydb.commandline;

/** Stands before Flyway's own class of this name, which ends the process: every way out of its Main leads here. */
class ThreadUtils {
    static void terminate(int code, AutoCloseable telemetry) {
        System.setProperty("flyway.exit", Integer.toString(code));
        throw new Ended();
    }

    /** No Exception, so that Main does not catch it. */
    private static class Ended extends Error {}
}
