/** The shop in models of TypeORM. */

import type { Shop } from "./shop.ts";

/** On Postgres. */
export const typeorm: Shop = {
  tool: "typeorm",
  language: "node",
  models: "src/data-source.ts",
  files: {
    "package.json": '{"name":"shop","private":true}',
    "tsconfig.json":
      '{"compilerOptions":{"target":"es2022","module":"commonjs","moduleResolution":"node","experimentalDecorators":true,"emitDecoratorMetadata":true,"esModuleInterop":true}}',
    "src/data-source.ts": `import "reflect-metadata";
import { Check, Column, CreateDateColumn, DataSource, Entity, Index, JoinTable, ManyToMany, ManyToOne, PrimaryColumn, PrimaryGeneratedColumn } from "typeorm";
@Entity("users")
export class User {
  @PrimaryGeneratedColumn() id!: number;
  @Column({ length: 255, unique: true, comment: "login" }) email!: string;
  @Column({ type: "enum", enum: ["admin", "member"], default: "member" }) role!: string;
  @CreateDateColumn({ type: "timestamptz" }) createdAt!: Date;
}
@Entity("tags")
export class Tag {
  @PrimaryGeneratedColumn() id!: number;
  @Column() name!: string;
}
@Entity("orders")
@Check("total_pos", '"total" >= 0')
@Index("orders_user_total_idx", ["user", "total"])
export class Order {
  @PrimaryGeneratedColumn() id!: number;
  @ManyToOne(() => User, { onDelete: "CASCADE", nullable: false }) user!: User;
  @Column({ type: "numeric", precision: 12, scale: 2, default: 0 }) total!: string;
  @Column({ type: "text", nullable: true }) note!: string | null;
  @ManyToMany(() => Tag) @JoinTable() tags!: Tag[];
}
const entities: Function[] = [User, Order, Tag];
export const AppDataSource = new DataSource({ type: "postgres", url: process.env.DATABASE_URL, entities, migrations: ["migrations/*.ts"] });
`,
  },
  makes: [
    "npx",
    "--no-install",
    "ts-node",
    "-T",
    "-e",
    'require("./src/data-source").AppDataSource.initialize().then((d: any) => d.synchronize()).then(() => process.exit(0))',
  ],
  edits: [
    [
      "  @ManyToMany(() => Tag)",
      "  @Column({ default: false }) paid!: boolean;\n  @ManyToMany(() => Tag)",
    ],
    ["  @Column() name!: string;", "  @Column({ unique: true }) name!: string;"],
    [
      "const entities: Function[] = [",
      '@Entity("shops")\nclass Shop {\n  @PrimaryColumn() name!: string;\n}\nconst entities: Function[] = [Shop, ',
    ],
    ['  @Column({ type: "text", nullable: true }) note!: string | null;\n', ""],
    ['["admin", "member"]', '["admin", "member", "guest"]'],
  ],
};
