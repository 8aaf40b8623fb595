import { Column, Entity, Index, PrimaryColumn } from 'typeorm';
import { epochMilliseconds } from '../../storage/columns.js';

/** An image that was made of a server, by `createImage`. */
@Entity('embedded_images')
@Index('embedded_images_by_project', ['projectId', 'createdAt', 'id'])
export class SimulatedImage {
  @PrimaryColumn({ type: 'varchar', length: 36 })
  id!: string;

  @Column({ type: 'varchar', length: 255 })
  name!: string;

  @Column({ name: 'project_id', type: 'varchar', length: 64 })
  projectId!: string;

  @Column({ name: 'user_id', type: 'varchar', length: 64 })
  userId!: string;

  /** `queued` until the operation has ended. */
  @Column({ type: 'varchar', length: 16 })
  status!: 'queued' | 'active' | 'deleted';

  /** The server that it was made of. */
  @Column({ name: 'server_id', type: 'varchar', length: 36 })
  serverId!: string;

  /** The image that the server was made of; empty when that was a volume. */
  @Column({ name: 'base_image_id', type: 'varchar', length: 36 })
  baseImageId!: string;

  /** The user's own metadata. */
  @Column({ type: 'simple-json' })
  metadata!: Record<string, string>;

  @Column({ name: 'created_at', type: 'bigint', transformer: epochMilliseconds })
  createdAt!: number;

  @Column({ name: 'updated_at', type: 'bigint', transformer: epochMilliseconds })
  updatedAt!: number;
}
