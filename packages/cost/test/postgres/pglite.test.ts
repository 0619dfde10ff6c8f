import { PGlite } from '@electric-sql/pglite'
import { afterAll, beforeAll, describe, test } from 'vitest'
import { PostgresStore } from '../../src/postgres/index.ts'
import { testStore } from '../../src/testing/index.ts'
import { long } from '../long.ts'

describe.skipIf(!long)(
  'postgres in this process, PGlite (to run it: WAYFARE_LONG=1 npx vitest run packages/cost/test/postgres)',
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
