import assert from "node:assert/strict";
import { Buffer } from "node:buffer";
import { test } from "node:test";
import { deflateRawSync, inflateRawSync } from "node:zlib";
import { SetupError } from "../../src/core/error.ts";
import { readZip } from "../../src/runtimes/mysql_server/read_zip.ts";

/** A zip archive of texts; those with a long one are compressed. */
function zipOf(files: Readonly<Record<string, string>>): Buffer {
  const parts: Buffer[] = [];
  const entries: Buffer[] = [];
  let at = 0;
  for (const [path, text] of Object.entries(files)) {
    const method = text.length > 20 ? 8 : 0;
    const content = method === 8 ? deflateRawSync(text) : Buffer.from(text);
    const header = Buffer.alloc(30);
    header.writeUInt32LE(0x04034b50, 0);
    header.writeUInt16LE(path.length, 26);
    // Headers and the directory have extra fields of their own lengths.
    header.writeUInt16LE(4, 28);
    const entry = Buffer.alloc(46);
    entry.writeUInt32LE(0x02014b50, 0);
    entry.writeUInt16LE(method, 10);
    entry.writeUInt32LE(content.length, 20);
    entry.writeUInt16LE(path.length, 28);
    entry.writeUInt16LE(2, 30);
    entry.writeUInt32LE(at, 42);
    const local = Buffer.concat([header, Buffer.from(path), Buffer.alloc(4), content]);
    parts.push(local);
    entries.push(entry, Buffer.from(path), Buffer.alloc(2));
    at += local.length;
  }
  const directory = Buffer.concat(entries);
  const end = Buffer.alloc(22);
  end.writeUInt32LE(0x06054b50, 0);
  end.writeUInt16LE(Object.keys(files).length, 10);
  end.writeUInt32LE(directory.length, 12);
  end.writeUInt32LE(at, 16);
  return Buffer.concat([...parts, directory, end]);
}

test("files of an archive are read, stored and compressed ones, folders left out", () => {
  const long = "word ".repeat(1000);
  const files = readZip(zipOf({ "a/": "", "a/short": "text", "a/long": long }));
  assert.deepEqual(
    files.map(({ path, isDeflated, content }) => [
      path,
      (isDeflated ? inflateRawSync(content) : Buffer.from(content)).toString(),
    ]),
    [["a/short", "text"], ["a/long", long]],
  );
});

test("an archive that is cut off or of another kind is an error that says so", () => {
  const whole = zipOf({ "a/short": "text" });
  const broken = Buffer.from(whole);
  broken.writeUInt32LE(100_000, whole.indexOf(Buffer.from([0x50, 0x4b, 1, 2])) + 20);
  for (const bytes of [Buffer.alloc(0), Buffer.from("no zip"), whole.subarray(0, 40), broken]) {
    assert.throws(() => readZip(bytes), (error) => {
      assert(error instanceof SetupError);
      assert.match(error.message, /no zip archive/);
      return true;
    });
  }
});
