import { Column, Entity, PrimaryColumn } from 'typeorm';

/** What was booked: goods that were ordered, or money that was paid. */
@Entity('bookings')
export class Booking {
  /** The uuid of the task that booked it. */
  @PrimaryColumn({ type: 'varchar', length: 36 })
  id!: string;

  @Column({ type: 'varchar', length: 64 })
  tenant!: string;

  @Column({ type: 'varchar', length: 100 })
  name!: string;

  @Column({ type: 'int' })
  amount!: number;
}
