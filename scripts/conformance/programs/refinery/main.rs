//! refinery's own library on a folder of migrations: `version`, or `<url> <folder> up`, `to <version>`, `grouped`. It has no way back.
//! A database of SQLite is named by its path.

use refinery_core::postgres::{Client, NoTls};
use refinery_core::{load_sql_migrations, rusqlite, Migrate, Runner, Target};
use std::{env, error::Error, process::exit};

fn work(database: &mut impl Migrate, args: &[String]) -> Result<(), Box<dyn Error>> {
    let runner = Runner::new(&load_sql_migrations(&args[1])?);
    let runner = match (args[2].as_str(), args.get(3)) {
        ("up", None) => runner,
        ("to", Some(version)) => runner.set_target(Target::Version(version.parse()?)),
        ("grouped", None) => runner.set_grouped(true),
        _ => return Err("up, to <version>, or grouped".into()),
    };
    runner.run(database)?;
    Ok(())
}

fn run(args: &[String]) -> Result<(), Box<dyn Error>> {
    match args {
        [word] if word == "version" => {
            let lock = include_str!("Cargo.lock").split_once("name = \"refinery-core\"\nversion = \"");
            let version = lock.and_then(|(_, rest)| rest.split('"').next()).ok_or("no version")?;
            println!("library of refinery {version}");
            Ok(())
        }
        [url, _, _, ..] if url.starts_with("postgres") => work(&mut Client::connect(url, NoTls)?, args),
        [path, _, _, ..] => work(&mut rusqlite::Connection::open(path)?, args),
        _ => Err("<url> <folder> up, to <version>, or grouped".into()),
    }
}

fn main() {
    let args: Vec<String> = env::args().skip(1).collect();
    if let Err(error) = run(&args) {
        eprintln!("{error}");
        exit(1);
    }
}
