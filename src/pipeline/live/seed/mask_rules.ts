/** What the names of columns say of their values: the one table that masks by name are made from. */

import type { CellKind } from "../../../engines/live.ts";
import type { Mask } from "../../../core/row_mask.ts";

/** A row; the first that fits counts. */
interface NameRule {
  readonly how: Mask;
  /** Of a name in small letters, its words joined by `_`. */
  readonly names: RegExp;
  /** Kinds of values besides texts of which it is true. */
  readonly kinds?: readonly CellKind[];
}

const words = (list: string) => new RegExp(`(?:^|_)(?:${list})(?:_|$)`);
const last = (list: string) => new RegExp(`(?:^|_)(?:${list})$`);

/** See the module's comment. */
const NAME_RULES: readonly NameRule[] = [
  {
    how: "hash",
    names: words(
      "pass|passwd|passwords?|passphrase|pwd|secrets?|tokens?|jwt|otp|totp|salt|digest|hash|hashed|encrypted|credentials?|signature|cookie|api_?key|private_?key|public_?key|access_?key|secret_?key|ssh_?key|apikey|bearer|nonce|recovery|refresh|session|authorization",
    ),
    kinds: ["uuid"],
  },
  {
    how: "code",
    names: words(
      "ssn|sin|nin|nino|tin|itin|vat|tax_id|tax_number|national_id|passport|licen[cs]e_(?:no|number|plate)|plate|iban|bic|swift|account_number|account_no|routing|card|card_number|pan|cvv|cvc|pin|insurance_number|patient_number|imei|imsi|mac|device_id|fingerprint",
    ),
    kinds: ["number"],
  },
  { how: "email", names: words("e?mails?|email_address|e_mail") },
  {
    how: "phone",
    names: words("phones?|telephone|tel|mobile|cell|cellphone|fax|msisdn|whatsapp"),
    kinds: ["number"],
  },
  { how: "ip", names: words("ip|ip_?addr(?:ess)?|ipv4|ipv6|remote_addr") },
  { how: "url", names: words("url|uri|link|href|website|homepage|avatar|photo|picture|image") },
  {
    how: "address",
    names: words(
      "address|addr|street|city|town|zip|zip_?code|postal|postcode|post_code|county|suburb",
    ),
  },
  { how: "date", names: words("birth|birthday|birthdate|dob|born|death|died|deceased") },
  {
    how: "keep",
    names: last(
      "status|state|type|kind|role|currency|locale|lang|language|timezone|time_zone|tz|mime|mime_type|content_type|unit|level|priority|country_code|country|colou?r|format|engine|version|category",
    ),
  },
  {
    how: "name",
    names: words(
      "names?|first_?name|last_?name|full_?name|user_?name|login|nick|nickname|surname|forename|given|family|maiden|handle|author|owner|contact|customer|company|employer|recipient|sender|person",
    ),
  },
];

/** A column that ends so speaks of something by what its name begins with, and does not hold that. */
const ABOUT = /_(?:id|ids|count|at|on|verified|enabled|sent|length|size)$/;

/** The mask that the name of a column asks for; null for none. */
export function maskByName(column: string): NameRule | null {
  const name = column.replaceAll(/([a-z\d])([A-Z])/g, "$1_$2").replaceAll(/\W+/g, "_")
    .toLowerCase();
  const rule = NAME_RULES.find(({ names }) => names.test(name)) ?? null;
  return ABOUT.test(name) && rule?.how !== "code" ? null : rule;
}

/** What a value of a column that is kept by its name looks like: a word of the program, and no one's name. */
const PLAIN = /^[A-Za-z][A-Za-z0-9_/+.:-]{0,31}$/;

/** Whether it may be kept: a short word without a run of digits as keys and numbers of people have. */
export function isPlainWord(text: string): boolean {
  return PLAIN.test(text) && !/\d{5}/.test(text) &&
    !/^(?=.*\d)(?=.*[a-z])(?=.*[A-Z]).{12,}$/.test(text);
}
