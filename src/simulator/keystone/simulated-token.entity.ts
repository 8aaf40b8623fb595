import { Column, Entity, Index, PrimaryColumn } from 'typeorm';
import { epochMilliseconds } from '../../storage/columns.js';

/** What is kept of an issued token: everything but the token. */
@Entity('embedded_tokens')
@Index('embedded_tokens_by_expiry', ['expiresAt'])
export class SimulatedToken {
  /** Hexadecimal SHA-256 of the token. */
  @PrimaryColumn({ type: 'varchar', length: 64 })
  hash!: string;

  @Column({ name: 'user_id', type: 'varchar', length: 64 })
  userId!: string;

  /** NULL for a token that is scoped to no project. */
  @Column({ name: 'project_id', type: 'varchar', length: 64, nullable: true })
  projectId!: string | null;

  /** How the user proved who they are: `password`, and `token` when the token was got for another one. */
  @Column({ type: 'simple-json' })
  methods!: string[];

  /** Tells tokens apart in logs and answers, without being one. */
  @Column({ name: 'audit_id', type: 'varchar', length: 32 })
  auditId!: string;

  @Column({ name: 'issued_at', type: 'bigint', transformer: epochMilliseconds })
  issuedAt!: number;

  @Column({ name: 'expires_at', type: 'bigint', transformer: epochMilliseconds })
  expiresAt!: number;
}
