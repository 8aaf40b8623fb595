import { Module } from '@nestjs/common';
import { OperatorServer } from './operator-server.js';

/** Where an operator asks for health and metrics. */
@Module({ providers: [OperatorServer] })
export class OperatorModule {}
