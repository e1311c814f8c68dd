import java.io.BufferedReader;
import java.io.ByteArrayOutputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.PrintStream;
import java.lang.reflect.Field;
import java.lang.reflect.InvocationTargetException;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import org.flywaydb.core.api.logging.LogFactory;

/**
 * Runs Flyway's command line many times in one process, as a start of Java costs a second.
 * In: a line with the number of arguments, then a line for each; an argument holds no line end.
 * Out: exit code, length of what was printed, length of the errors (4 bytes each, high first), both texts.
 * Each command gets the command line's classes anew: Main keeps the options of the last one in static fields.
 */
public class FlywayServer {
    /** @param parts what is loaded anew: our ThreadUtils, then the jar of the command line */
    public static void main(String[] parts) throws Exception {
        BufferedReader in = new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8));
        DataOutputStream out = new DataOutputStream(System.out);
        URL[] classes = new URL[parts.length];
        for (int i = 0; i < parts.length; i++) classes[i] = Path.of(parts[i]).toUri().toURL();
        for (String count = in.readLine(); count != null; count = in.readLine()) {
            String[] arguments = new String[Integer.parseInt(count)];
            for (int i = 0; i < arguments.length; i++) arguments[i] = in.readLine();
            answer(out, classes, arguments);
        }
    }

    private static void answer(DataOutputStream out, URL[] classes, String[] arguments) throws Exception {
        PrintStream stdout = System.out, stderr = System.err;
        ByteArrayOutputStream said = new ByteArrayOutputStream(), complained = new ByteArrayOutputStream();
        System.setOut(new PrintStream(said, true, StandardCharsets.UTF_8));
        System.setErr(new PrintStream(complained, true, StandardCharsets.UTF_8));
        int code;
        try {
            code = run(classes, arguments);
        } finally {
            System.out.flush();
            System.err.flush();
            System.setOut(stdout);
            System.setErr(stderr);
        }
        out.writeInt(code);
        out.writeInt(said.size());
        out.writeInt(complained.size());
        said.writeTo(out);
        complained.writeTo(out);
        out.flush();
    }

    /** What the log of the last command line was told would hold for this one too. */
    private static void forget(String name) throws ReflectiveOperationException {
        Field field = LogFactory.class.getDeclaredField(name);
        field.setAccessible(true);
        field.set(null, null);
    }

    private static int run(URL[] classes, String[] arguments) throws IOException, ReflectiveOperationException {
        System.clearProperty("flyway.exit");
        forget("configuration");
        forget("logCreator");
        try (URLClassLoader loader = new URLClassLoader(classes, FlywayServer.class.getClassLoader())) {
            Thread.currentThread().setContextClassLoader(loader);
            loader.loadClass("org.flywaydb.commandline.Main").getMethod("main", String[].class).invoke(null, (Object) arguments);
            return 0;
        } catch (InvocationTargetException e) {
            if (System.getProperty("flyway.exit") != null) return Integer.getInteger("flyway.exit");
            e.getCause().printStackTrace();
            return 1;
        }
    }
}
