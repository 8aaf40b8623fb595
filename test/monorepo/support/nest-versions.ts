/** Exact versions of Nest's packages, and of what goes with them. */
export type NestVersions = Readonly<Record<string, string>>;

/**
 * What the template has; see `shops/package.json`. The oldest of 12 was tried by hand: 12.0.1, with Swagger 12.0.0. A
 * CommonJS host cannot require `@nestjs/typeorm` 12.0.0, and `@nestjs/core` 12.0.0 asks for Nest 11.
 */
export const NEST_12: NestVersions = {
  '@nestjs/common': '12.5.1',
  '@nestjs/core': '12.5.1',
  '@nestjs/platform-express': '12.5.1',
  '@nestjs/platform-fastify': '12.5.0',
  '@nestjs/swagger': '12.0.2',
  '@nestjs/typeorm': '12.0.2',
  fastify: '5.12.8',
};

export const NEST_11: NestVersions = {
  '@nestjs/common': '11.2.10',
  '@nestjs/core': '11.2.10',
  '@nestjs/platform-express': '11.2.10',
  '@nestjs/platform-fastify': '11.2.8',
  '@nestjs/swagger': '11.4.7',
  '@nestjs/typeorm': '11.0.3',
  fastify: '5.11.3',
};

/**
 * The oldest that the library's peers allow. Fastify's platform before 11.0.3 asks for Nest 10, and that Swagger for an
 * older class-validator. Of an older RxJS a host with today's module resolution finds no types.
 */
export const NEST_11_OLDEST: NestVersions = {
  '@nestjs/common': '11.0.1',
  '@nestjs/core': '11.0.1',
  '@nestjs/platform-express': '11.0.1',
  '@nestjs/platform-fastify': '11.0.3',
  '@nestjs/swagger': '11.0.1',
  '@nestjs/typeorm': '11.0.1',
  'class-validator': '0.14.1',
  fastify: '5.2.1',
  'reflect-metadata': '0.2.0',
  rxjs: '7.5.5',
  typeorm: '1.1.0',
};
