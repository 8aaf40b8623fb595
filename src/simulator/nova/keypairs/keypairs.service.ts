import { Injectable } from '@nestjs/common';
import { InjectRepository } from '@nestjs/typeorm';
import type { Repository } from 'typeorm';
import { BadRequest, Conflict, Forbidden } from '../../../openstack/faults.js';
import { isUniqueViolation } from '../../../storage/driver-errors.js';
import { MOST_KEYPAIRS } from '../limits/quotas.js';
import { fingerprintOf } from './fingerprint.js';
import { SimulatedKeypair, type KeyType } from './keypair.entity.js';
import { generateSshKeyPair } from './ssh-keys.js';

/** A new key pair as its user names it. */
export interface NewKeypair {
  userId: string;
  name: string;
  type: KeyType;
}

/** Keeps the public keys of users. */
@Injectable()
export class KeypairsService {
  constructor(@InjectRepository(SimulatedKeypair) private readonly keypairs: Repository<SimulatedKeypair>) {}

  /** A user's key pair; `null` if there is none with that name. */
  async find(userId: string, name: string): Promise<SimulatedKeypair | null> {
    const keypair = await this.keypairs.findOneBy({ userId, name });
    // MariaDB ignores blanks at the end.
    return keypair?.name === name && keypair.userId === userId ? keypair : null;
  }

  /** All key pairs of a user, by name. */
  list(userId: string): Promise<SimulatedKeypair[]> {
    return this.keypairs.find({ where: { userId }, order: { name: 'ASC' } });
  }

  /**
   * Keeps a public key of the user's own.
   *
   * @throws BadRequest for an invalid key, Conflict for a name that is taken, Forbidden for one key too many
   */
  async import(keypair: NewKeypair, publicKey: string): Promise<SimulatedKeypair> {
    await this.assertRoom(keypair.userId);
    return this.keep(keypair, publicKey);
  }

  /**
   * Makes a key pair, and keeps its public half.
   *
   * @returns also the private half, which cannot be read again
   * @throws BadRequest for a certificate, Conflict for a name that is taken, Forbidden for one too many
   */
  async generate(keypair: NewKeypair): Promise<{ keypair: SimulatedKeypair; privateKey: string }> {
    await this.assertRoom(keypair.userId);
    if (keypair.type === 'x509') {
      throw new BadRequest(
        'Keypair data is invalid: the simulated cloud makes no certificates; send a public_key',
      );
    }
    const { publicKey, privateKey } = await generateSshKeyPair();
    return { keypair: await this.keep(keypair, publicKey), privateKey };
  }

  /** Deletes a key pair; false if there is none with that name. */
  async delete(userId: string, name: string): Promise<boolean> {
    const keypair = await this.find(userId, name);
    return keypair !== null && (await this.keypairs.delete({ id: keypair.id })).affected === 1;
  }

  private async assertRoom(userId: string): Promise<void> {
    if ((await this.keypairs.countBy({ userId })) >= MOST_KEYPAIRS) {
      throw new Forbidden('Quota exceeded, too many key pairs.');
    }
  }

  private async keep({ userId, name, type }: NewKeypair, publicKey: string): Promise<SimulatedKeypair> {
    const fingerprint = fingerprintOf(publicKey, type);
    const row = { userId, name, type, fingerprint, publicKey, createdAt: Date.now() };
    try {
      const { identifiers } = await this.keypairs.insert(row);
      return { ...row, id: (identifiers[0] as { id: number }).id };
    } catch (error) {
      if (isUniqueViolation(error)) throw new Conflict(`Key pair '${name}' already exists.`);
      throw error;
    }
  }
}
