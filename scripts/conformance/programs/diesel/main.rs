//! Diesel's own library on a folder of migrations: `version`, or `<url> <folder> up|down [count]`; without a count all of them.
//! A database of SQLite is named by its path.

use diesel::{Connection, PgConnection, SqliteConnection};
use diesel_migrations::{FileBasedMigrations, MigrationHarness};
use std::{env, error::Error, process::exit};

type Outcome = Result<(), Box<dyn Error + Send + Sync>>;

fn work<DB: diesel::backend::Backend>(on: &mut impl MigrationHarness<DB>, args: &[String]) -> Outcome {
    let source = FileBasedMigrations::from_path(&args[1])?;
    match (args[2].as_str(), args.get(3)) {
        ("up", None) => drop(on.run_pending_migrations(source)?),
        ("down", None) => drop(on.revert_all_migrations(source)?),
        ("down", Some(count)) => {
            for _ in 0..count.parse()? {
                on.revert_last_migration(FileBasedMigrations::from_path(&args[1])?)?;
            }
        }
        _ => return Err("up, or down with a count".into()),
    }
    Ok(())
}

fn run(args: &[String]) -> Outcome {
    match args {
        [word] if word == "version" => {
            let lock = include_str!("Cargo.lock").split_once("name = \"diesel\"\nversion = \"");
            let version = lock.and_then(|(_, rest)| rest.split('"').next()).ok_or("no version")?;
            println!("library of Diesel {version}");
            Ok(())
        }
        [url, _, _, ..] if url.starts_with("postgres") => work(&mut PgConnection::establish(url)?, args),
        [path, _, _, ..] => work(&mut SqliteConnection::establish(path)?, args),
        _ => Err("<url> <folder> up|down [count]".into()),
    }
}

fn main() {
    let args: Vec<String> = env::args().skip(1).collect();
    if let Err(error) = run(&args) {
        eprintln!("{error}");
        exit(1);
    }
}
