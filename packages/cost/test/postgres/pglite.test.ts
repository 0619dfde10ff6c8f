import { PGlite } from '@electric-sql/pglite'
import { afterAll, beforeAll, describe, test } from 'vitest'
import { PostgresStore } from '../../src/postgres/index.ts'
import { testStore } from '../../src/testing/index.ts'
import { hasPostgres } from '../servers/postgres.ts'

const isNeeded = !hasPostgres || process.env['WAYFARE_LONG'] !== undefined

describe.skipIf(!isNeeded)(
  'postgres in this process, PGlite (where there is no server, or with WAYFARE_LONG=1)',
  () => {
    let database: PGlite

    beforeAll(async () => {
      database = await PGlite.create()
      await new PostgresStore(database).migrate()
    })

    afterAll(() => database.close())

    testStore({
      test,
      async open() {
        await database.exec('truncate wayfare_accounts, wayfare_reservations, wayfare_bill')
        return { store: new PostgresStore(database) }
      },
    })
  },
)
