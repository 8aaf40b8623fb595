import { Column, Entity, Index, PrimaryGeneratedColumn } from 'typeorm';
import { epochMilliseconds } from '../../../storage/columns.js';

/** Kinds of keys that Nova knows. */
export type KeyType = 'ssh' | 'x509';

/** The public half of a key pair. It belongs to a user, in all projects. The private half is never kept. */
@Entity('embedded_keypairs')
@Index('embedded_keypairs_by_name', ['userId', 'name'], { unique: true })
export class SimulatedKeypair {
  @PrimaryGeneratedColumn({ type: 'int' })
  id!: number;

  @Column({ name: 'user_id', type: 'varchar', length: 255 })
  userId!: string;

  @Column({ type: 'varchar', length: 255 })
  name!: string;

  @Column({ type: 'varchar', length: 16 })
  type!: KeyType;

  @Column({ type: 'varchar', length: 64 })
  fingerprint!: string;

  @Column({ name: 'public_key', type: 'text' })
  publicKey!: string;

  @Column({ name: 'created_at', type: 'bigint', transformer: epochMilliseconds })
  createdAt!: number;
}
