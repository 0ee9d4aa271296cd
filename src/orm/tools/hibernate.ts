import type { OrmTool } from "../orm.ts";

/** Hibernate: a program has its schema tool print the tables of all entities, without a connection. */
export const hibernate: OrmTool = {
  name: "hibernate",
  title: "Hibernate",
  door: "print",
  command: [
    "mvn",
    "-q",
    "-B",
    "test-compile",
    "exec:java",
    "-Dexec.mainClass=aim.AimModels",
    "-Dexec.classpathScope=test",
  ],
  dialects: ["postgres", "mysql", "mariadb"],
  says: ["check", "comment", "enum", "sequence"],
  unsaid:
    "validations and the values of fields are the application's; `@ColumnDefault` and `@Check` are in the database",
  models: ["src/main/java/**/*.java", "src/test/java/aim/AimModels.java", "pom.xml"],
  script: {
    file: "src/test/java/aim/AimModels.java",
    edit: "set CLASSES where Maven does not compile them into target/classes",
    text: String
      .raw`// Prints the tables of this project's entities as SQL. Written by aim init; it is yours to change.
package aim;

import java.io.PrintStream;
import java.io.StringWriter;
import java.lang.annotation.Annotation;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.hibernate.boot.MetadataSources;
import org.hibernate.boot.registry.StandardServiceRegistryBuilder;
import org.hibernate.tool.schema.spi.SchemaManagementToolCoordinator;

public class AimModels {
  /** The folder of the compiled classes. */
  static final Path CLASSES = Path.of("target", "classes");

  public static void main(String[] arguments) throws Exception {
    // Whatever logs to stdout is no SQL.
    PrintStream out = System.out;
    System.setOut(System.err);
    Map<String, Object> settings = new HashMap<>();
    String dialect = System.getenv("AIM_DIALECT");
    String[] version = version(dialect).split("\\.");
    settings.put("jakarta.persistence.database-product-name",
        Map.of("postgres", "PostgreSQL", "mysql", "MySQL", "mariadb", "MariaDB").get(dialect));
    settings.put("jakarta.persistence.database-major-version", version[0]);
    settings.put("jakarta.persistence.database-minor-version", version.length > 1 ? version[1] : "0");
    settings.put("hibernate.boot.allow_jdbc_metadata_access", "false");
    settings.put("hibernate.hbm2ddl.delimiter", ";");
    settings.put("hibernate.format_sql", "false");
    settings.put("jakarta.persistence.schema-generation.scripts.action", "create");
    StringWriter script = new StringWriter();
    settings.put("jakarta.persistence.schema-generation.scripts.create-target", script);
    if (isThere("org.springframework.boot.SpringApplication")) {
      // Spring's own names, as its applications have them unless they set others.
      settings.put("hibernate.physical_naming_strategy",
          "org.hibernate.boot.model.naming.CamelCaseToUnderscoresNamingStrategy");
      for (String name : List.of("org.springframework.boot.orm.jpa.hibernate.SpringImplicitNamingStrategy",
          "org.springframework.boot.hibernate.SpringImplicitNamingStrategy")) {
        if (isThere(name)) settings.put("hibernate.implicit_naming_strategy", name);
      }
    }
    var registry = new StandardServiceRegistryBuilder().applySettings(settings).build();
    var sources = new MetadataSources(registry);
    try (var files = Files.walk(CLASSES)) {
      for (Path file : (Iterable<Path>) files.filter(one -> one.toString().endsWith(".class")).sorted()::iterator) {
        String name = CLASSES.relativize(file).toString().replace(java.io.File.separatorChar, '.');
        Class<?> found = load(name.substring(0, name.length() - ".class".length()));
        if (found != null && isModel(found)) sources.addAnnotatedClass(found);
      }
    }
    SchemaManagementToolCoordinator.process(sources.buildMetadata(), registry, settings, action -> {});
    out.print(script);
    out.flush();
    registry.close();
  }

  static String version(String dialect) {
    String asked = System.getenv("AIM_VERSION");
    if (asked != null && !asked.isEmpty()) return asked;
    return Map.of("postgres", "17", "mysql", "8.4", "mariadb", "10.11").get(dialect);
  }

  static boolean isModel(Class<?> one) {
    for (Annotation annotation : one.getAnnotations()) {
      String name = annotation.annotationType().getName();
      if (name.matches("jakarta\\.persistence\\.(Entity|Embeddable|MappedSuperclass|Converter)")) return true;
    }
    return false;
  }

  static Class<?> load(String name) {
    try {
      return Class.forName(name, false, Thread.currentThread().getContextClassLoader());
    } catch (Throwable missing) {
      return null;
    }
  }

  static boolean isThere(String name) {
    return load(name) != null;
  }
}
`,
  },
  signs: [
    {
      files: ["pom.xml"],
      says: /hibernate-core|spring-boot-starter-data-jpa|quarkus-hibernate-orm/,
    },
    {
      files: ["build.gradle", "build.gradle.kts"],
      says: /hibernate-core|spring-boot-starter-data-jpa|quarkus-hibernate-orm/,
    },
  ],
};
