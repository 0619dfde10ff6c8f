import { readHouse } from './tidy/house.ts'
import { rules } from './tidy/rules.ts'
import { root } from './workspace/read.ts'

const started = performance.now()
const house = readHouse(root)
const findings = rules.flatMap((rule) => rule(house))
for (const { path, line, message } of findings)
  console.log(`${path}${line === undefined ? '' : `:${line}`}: ${message}`)
const took = Math.round(performance.now() - started)
console.log(`${house.sources.length} files, ${rules.length} rules, ${findings.length} findings, ${took} ms`)
if (findings.length > 0) process.exitCode = 1
