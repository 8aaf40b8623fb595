import { Injectable } from '@nestjs/common';
import { InjectDataSource } from '@nestjs/typeorm';
import { type DataSource, Not, type Repository } from 'typeorm';
import { type Statement, statement } from '../../storage/statement.js';
import { assertFits } from '../text-column.js';
import { SimulatedImage } from './image.entity.js';
import { type Image, PUBLIC_IMAGES } from './image.js';

/** Snapshots have the size of the smallest image: their files do not exist. */
const SNAPSHOT_SIZE = 21_430_272;

const UUID = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/;

/** The facts about a requested snapshot. */
export type NewSnapshot = Pick<
  SimulatedImage,
  'id' | 'name' | 'projectId' | 'userId' | 'serverId' | 'baseImageId' | 'metadata'
>;

/** The images: public ones, and the snapshots of each project. */
@Injectable()
export class ImagesService {
  private readonly snapshots: Repository<SimulatedImage>;

  constructor(@InjectDataSource() dataSource: DataSource) {
    this.snapshots = dataSource.getRepository(SimulatedImage);
  }

  /** An image that a project may use; `null` if there is none with this id, or it belongs to another project. */
  async find(projectId: string, id: string): Promise<Image | null> {
    const image = PUBLIC_IMAGES.find((candidate) => candidate.id === id);
    if (image !== undefined) return image;
    // Other texts are not ids, and MariaDB refuses to compare some of them with one.
    if (!UUID.test(id)) return null;
    const snapshot = await this.snapshots.findOneBy({ id, projectId, status: Not('deleted') });
    return snapshot === null ? null : imageOf(snapshot);
  }

  /** All images that a project may use, newest first. */
  async list(projectId: string): Promise<Image[]> {
    const snapshots = await this.snapshots.find({
      where: { projectId, status: Not('deleted') },
      order: { createdAt: 'DESC', id: 'DESC' },
    });
    return [...snapshots.map(imageOf), ...PUBLIC_IMAGES];
  }

  /** @returns false when the project has no such snapshot */
  async deleteSnapshot(projectId: string, id: string): Promise<boolean> {
    const { affected } = await this.snapshots.update(
      { id, projectId, status: Not('deleted') },
      { status: 'deleted', updatedAt: Date.now() },
    );
    return affected === 1;
  }

  /**
   * Makes a snapshot, as `queued`; to be committed together with the operation that completes it.
   *
   * @throws BadRequest for more metadata than can be kept
   */
  insertSnapshot(snapshot: NewSnapshot): Statement {
    assertFits(snapshot.metadata, 'an image');
    const now = Date.now();
    const row: SimulatedImage = { ...snapshot, status: 'queued', createdAt: now, updatedAt: now };
    return statement(this.snapshots.createQueryBuilder().insert().values(row));
  }

  /** Completes a snapshot. One that was deleted meanwhile stays deleted. */
  activateSnapshot(id: string): Statement {
    return this.endSnapshot(id, 'active');
  }

  /** Ends a failed snapshot: the image is deleted, as in Nova. */
  failSnapshot(id: string): Statement {
    return this.endSnapshot(id, 'deleted');
  }

  private endSnapshot(id: string, status: 'active' | 'deleted'): Statement {
    return statement(
      this.snapshots
        .createQueryBuilder()
        .update()
        .set({ status, updatedAt: Date.now() })
        .where({ id, status: 'queued' }),
    );
  }
}

function imageOf(snapshot: SimulatedImage): Image {
  const { id, name, status, projectId, createdAt, updatedAt } = snapshot;
  return {
    id,
    name,
    status,
    visibility: 'private',
    projectId,
    protected: false,
    size: status === 'active' ? SNAPSHOT_SIZE : null,
    createdAt,
    updatedAt,
    properties: {
      ...snapshot.metadata,
      image_type: 'snapshot',
      instance_uuid: snapshot.serverId,
      base_image_ref: snapshot.baseImageId,
      user_id: snapshot.userId,
    },
  };
}
