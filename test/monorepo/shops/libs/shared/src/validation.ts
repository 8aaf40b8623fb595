import { ValidationPipe } from '@nestjs/common';

export const validation = () =>
  new ValidationPipe({ transform: true, whitelist: true, forbidNonWhitelisted: true });
