/** Follows the words of a statement to know whether a semicolon stands inside the body of a routine, a trigger, an event or a package. */

/** What is open. `case`: the expression; all others are statements, in which statements follow each other. */
type Block = "begin" | "if" | "case" | "case statement" | "loop" | "package";

/** See the module's comment. Told of all words in capitals and of all signs, in their order. */
export class CompoundBody {
  readonly #blocks: Block[] = [];
  /** The first words, up to what is defined. */
  readonly #head: string[] = [];
  #kind: "none" | "code" | "package" = "none";
  /** The token before: a word, a sign, or nothing for any other. */
  #last = "";
  /** True where a statement may begin. */
  #isStart = true;
  /** The word that began the innermost statement. */
  #verb = "";
  /** True between WHILE or FOR and its DO or LOOP, and after END. */
  #awaits: "loop" | "end" | null = null;
  /** True once the body of a routine, or its type, has begun in the usual manner. */
  #isUsual = false;
  #parens = 0;
  /** True behind the AS of a routine in Oracle's manner: declarations with semicolons up to BEGIN. */
  #declares = false;

  /** True where a semicolon does not end the statement. */
  get isOpen(): boolean {
    return this.#blocks.length > 0 || this.#declares;
  }

  /** A word, in capitals. */
  word(word: string): void {
    if (this.#last === ".") return this.#next(word, false);
    if (this.#kind === "none") this.#readHead(word);
    if (this.#kind === "none") return this.#next(word, false);
    if (this.#awaits === "end") {
      this.#awaits = null;
      // `END IF`: the word belongs to it; a label does so too.
      if (word !== "BEGIN" && word !== "END") return this.#next(word, false);
    }
    const beginsBody = this.#blocks.length === 0 && word !== "FOR" && BEFORE_BODY.has(this.#last);
    const isStart = this.#isStart || beginsBody;
    if (isStart) this.#verb = word;
    if (this.#blocks.length === 0) this.#isUsual ||= USUAL.has(word);
    this.#next(word, STARTS.has(word) && !this.#inExpression(word));
    this.#open(word, isStart);
  }

  /** An operator. */
  sign(text: string): void {
    if (text === ";") this.#awaits = null;
    if (text === "(") this.#parens++;
    else if (text === ")" && this.#parens > 0) this.#parens--;
    this.#next(text, text === ";" || text === ":");
  }

  /** A string, a number or a quoted name. */
  other(): void {
    if (this.#awaits === "end") this.#awaits = null;
    this.#next("", false);
  }

  #next(last: string, isStart: boolean): void {
    this.#last = last;
    this.#isStart = isStart;
  }

  #inExpression(word: string): boolean {
    return (word === "THEN" || word === "ELSE") && this.#blocks.at(-1) === "case";
  }

  /** CREATE ... PROCEDURE and its like, ALTER EVENT, and `BEGIN NOT ATOMIC`. */
  #readHead(word: string): void {
    const head = this.#head;
    if (head.length > MOST_HEAD) return;
    head.push(word);
    const [first, second] = head;
    if (first === "BEGIN" && second === "NOT" && head[2] === "ATOMIC") {
      this.#kind = "code";
      this.#blocks.push("begin");
    }
    if (first !== "CREATE" && first !== "ALTER") return;
    if (word === "PACKAGE") this.#kind = "package";
    else if (CODE.has(word) && !head.slice(1, -1).some((one) => NO_CODE.has(one))) {
      this.#kind = "code";
    }
  }

  #open(word: string, isStart: boolean): void {
    switch (word) {
      case "BEGIN":
        if (this.#blocks.length === 0 || isStart || this.#verb === "DECLARE") this.#push("begin");
        this.#declares = false;
        this.#isStart = true;
        return;
      case "CASE":
        return this.#push(isStart ? "case statement" : "case");
      case "IF":
        if (isStart) this.#push("if");
        return;
      case "LOOP":
        if (this.#awaits === "loop") this.#awaits = null;
        else if (isStart) this.#push("loop");
        return;
      case "REPEAT":
        if (isStart) this.#push("loop");
        return;
      case "WHILE":
      case "FOR":
        if (!isStart) return;
        this.#push("loop");
        this.#awaits = "loop";
        return;
      case "DO":
        if (this.#awaits === "loop") this.#awaits = null;
        return;
      case "AS":
      case "IS":
        return this.#oracle();
      case "END":
        if (this.#blocks.length === 0) return;
        this.#awaits = this.#blocks.pop() === "case" ? null : "end";
        return;
    }
  }

  /** The AS of a routine or package that is written in Oracle's manner. */
  #oracle(): void {
    if (this.#parens > 0) return;
    if (this.#blocks.at(-1) === "package") this.#isStart = true;
    if (this.#blocks.length > 0 || this.#isUsual) return;
    if (this.#kind === "package") this.#push("package");
    else if (this.#head.includes("PROCEDURE") || this.#head.includes("FUNCTION")) {
      this.#declares = true;
    }
    this.#isStart = true;
  }

  #push(block: Block): void {
    this.#blocks.push(block);
  }
}

/** Words between CREATE and what is created: OR REPLACE, DEFINER = user, AGGREGATE, IF NOT EXISTS. */
const MOST_HEAD = 12;

const CODE = new Set(["PROCEDURE", "FUNCTION", "TRIGGER", "EVENT"]);

/** A word of these in front of one of those makes it a name, or something without a body. */
const NO_CODE = new Set(["TABLE", "VIEW", "INDEX", "DATABASE", "SCHEMA", "USER", "ROLE", "SERVER"]);

/** What stands right in front of a body that does not begin with BEGIN; nothing stands for a string. */
const BEFORE_BODY = new Set([")", "", "DETERMINISTIC", "SQL", "DATA", "INVOKER", "DEFINER"]);

/** Words that no routine in Oracle's manner has in front of its AS. */
const USUAL = new Set(
  "RETURNS SELECT INSERT UPDATE DELETE REPLACE SET CALL WITH VALUES IF WHILE LOOP SIGNAL DO".split(
    " ",
  ),
);

/** Words behind which a statement begins. */
const STARTS = new Set(["THEN", "ELSE", "DO", "LOOP", "REPEAT", "BEGIN", "ROW", "ATOMIC"]);
