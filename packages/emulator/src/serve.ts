import type { IncomingMessage, ServerResponse } from 'node:http'
import type { RequestRecord, Script } from './script.ts'
import type { FailureStage } from './play-failure.ts'
import type { Route, Wire } from './wire.ts'
import type { Intake } from './intake.ts'
import { admission } from './admission.ts'
import { Exchange } from './exchange.ts'
import { intake } from './intake.ts'
import { isRecord } from './narrow.ts'
import { playAnswer } from './play-answer.ts'
import { playFailure, refuse, sendJSON } from './play-failure.ts'
import { playRaw } from './play-raw.ts'
import { turnOf } from './turn.ts'
import { wireAt, wires } from './wires.ts'

export interface House {
  readonly script: Script
  readonly validate: boolean
  readonly keys: readonly string[] | undefined
  closing(): boolean
}

/** Serves one request to its end. Rejects when its reply cannot be played. */
export async function serve(message: IncomingMessage, response: ServerResponse, house: House): Promise<void> {
  const taken = await intake(message)
  if (taken === undefined) return
  const wire = wireAt(taken.path)
  if (wire === undefined) return nowhere(response)
  const route = wire.route({
    method: taken.method,
    path: taken.path.slice(wire.basePath.length),
    query: taken.query,
    body: taken.body,
  })
  const record = recordOf(taken, wire, route)
  house.script.record(record)
  const exchange = new Exchange(response, message.socket, () => {
    record.closedEarly = !house.closing()
  })
  const id = house.script.nextId()
  const stage: FailureStage = {
    wire,
    exchange,
    facts: { model: record.model ?? '', id },
    stream: record.stream,
    onStatus: (status) => {
      record.status = status
    },
  }
  const refusal = admission({ taken, wire, route, model: record.model ?? '' }, house)
  if (refusal !== undefined) {
    record.refusedBy = refusal.rule
    return refuse(wire.failure(refusal.failure, { ...stage.facts, ...refusal }), stage)
  }
  const reply = house.script.next(record, route?.kind === 'chat')
  if (reply !== undefined && 'raw' in reply) return playRaw(reply, exchange)
  if (reply !== undefined && 'error' in reply) return playFailure(reply, stage)
  if (route?.kind !== 'chat') return sendJSON(200, route?.body, stage)
  const request = isRecord(taken.body) ? taken.body : {}
  const turn = turnOf(reply ?? {}, { id, model: route.model, request })
  return playAnswer(reply ?? {}, { ...stage, chat: route.chat, turn })
}

function recordOf(taken: Intake, wire: Wire, route: Route | undefined): RequestRecord {
  return {
    wire: wire.name,
    method: taken.method,
    path: taken.path,
    query: taken.query.toString(),
    headers: taken.headers,
    body: taken.body,
    ...(route?.kind === 'chat' ? { model: route.model } : {}),
    stream: route?.kind === 'chat' && route.stream,
    closedEarly: false,
  }
}

function nowhere(response: ServerResponse): void {
  const paths = Object.values(wires).map((wire) => wire.basePath)
  response.writeHead(404, { 'content-type': 'application/json' })
  response.end(JSON.stringify({ error: `no wire at this path; base paths: ${paths.join(', ')}` }))
}
