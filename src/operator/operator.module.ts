import { Module } from '@nestjs/common';
import { Figures } from '../cluster/figures.js';
import { OperatorServer } from './operator-server.js';

/** Where an operator asks for health and metrics. */
@Module({ providers: [Figures, OperatorServer] })
export class OperatorModule {}
