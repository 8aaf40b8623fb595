import { Column, Entity, Index, PrimaryColumn } from 'typeorm';
import { epochMilliseconds } from '../../storage/columns.js';

/** The record of an issued token: everything except the token. */
@Entity('embedded_tokens')
@Index('embedded_tokens_by_expiry', ['expiresAt'])
export class SimulatedToken {
  /** Hexadecimal SHA-256 of the token. */
  @PrimaryColumn({ type: 'varchar', length: 64 })
  hash!: string;

  @Column({ name: 'user_id', type: 'varchar', length: 64 })
  userId!: string;

  /** NULL for a token without a project. */
  @Column({ name: 'project_id', type: 'varchar', length: 64, nullable: true })
  projectId!: string | null;

  /** How the user proved their identity: `password`, and `token` when the token was exchanged for another one. */
  @Column({ type: 'simple-json' })
  methods!: string[];

  /** Identifies the token in logs and answers, without being one. */
  @Column({ name: 'audit_id', type: 'varchar', length: 32 })
  auditId!: string;

  @Column({ name: 'issued_at', type: 'bigint', transformer: epochMilliseconds })
  issuedAt!: number;

  @Column({ name: 'expires_at', type: 'bigint', transformer: epochMilliseconds })
  expiresAt!: number;
}
