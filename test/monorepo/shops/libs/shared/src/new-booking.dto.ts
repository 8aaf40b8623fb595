import { IsInt, IsPositive, IsString, Length } from 'class-validator';

export class NewBooking {
  @IsString()
  @Length(1, 100)
  name!: string;

  @IsInt()
  @IsPositive()
  amount!: number;
}
