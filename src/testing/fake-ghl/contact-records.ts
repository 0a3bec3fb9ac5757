import { created, notFound, ok } from './answer.js'
import { type Fields, flag, needText, text } from './read.js'
import type { Context, Route } from './routes.js'
import type { FakeNote, FakeTask } from './state.js'
import { isoTime, needContact } from './world.js'

const READ = 'contacts.readonly'
const WRITE = 'contacts.write'
const TASKS = '/contacts/{contactId}/tasks'
const NOTES = '/contacts/{contactId}/notes'

/** Tasks and notes: what a team keeps about a contact; nothing of it reaches the contact. */
export const contactRecordRoutes: readonly Route[] = [
  { method: 'GET', path: TASKS, scope: READ, handle: (context) => ok({ tasks: ofContact(context, context.world.state.tasks) }) },
  { method: 'POST', path: TASKS, scope: WRITE, handle: createTask },
  {
    method: 'GET',
    path: `${TASKS}/{id}`,
    scope: READ,
    handle: (context) => ok({ task: wanted(context, context.world.state.tasks) }),
  },
  { method: 'PUT', path: `${TASKS}/{id}`, scope: WRITE, handle: updateTask },
  { method: 'PUT', path: `${TASKS}/{id}/completed`, scope: WRITE, handle: updateTask },
  { method: 'DELETE', path: `${TASKS}/{id}`, scope: WRITE, handle: (context) => remove(context, context.world.state.tasks) },
  { method: 'GET', path: NOTES, scope: READ, handle: (context) => ok({ notes: ofContact(context, context.world.state.notes) }) },
  { method: 'POST', path: NOTES, scope: WRITE, handle: createNote },
  {
    method: 'GET',
    path: `${NOTES}/{id}`,
    scope: READ,
    handle: (context) => ok({ note: wanted(context, context.world.state.notes) }),
  },
  { method: 'PUT', path: `${NOTES}/{id}`, scope: WRITE, handle: updateNote },
  { method: 'DELETE', path: `${NOTES}/{id}`, scope: WRITE, handle: (context) => remove(context, context.world.state.notes) },
]

function createTask(context: Context) {
  const { world, body } = context
  const contactId = contactOf(context)
  const task: FakeTask = {
    id: world.nextId('task'),
    contactId,
    title: needText(body, 'title'),
    body: null,
    dueDate: null,
    completed: false,
    assignedTo: null,
  }
  applyTask(task, body)
  world.state.tasks.push(task)
  return created({ task })
}

function updateTask(context: Context) {
  const task = wanted(context, context.world.state.tasks)
  applyTask(task, context.body)
  return ok({ task })
}

function applyTask(task: FakeTask, body: Fields): void {
  if ('title' in body) task.title = needText(body, 'title')
  if ('completed' in body) task.completed = flag(body, 'completed')
  for (const name of ['body', 'dueDate', 'assignedTo'] as const) if (name in body) task[name] = text(body, name)
}

function createNote(context: Context) {
  const { world, body, now } = context
  const note: FakeNote = {
    id: world.nextId('note'),
    contactId: contactOf(context),
    body: needText(body, 'body'),
    userId: text(body, 'userId'),
    dateAdded: isoTime(now),
  }
  world.state.notes.push(note)
  return created({ note })
}

function updateNote(context: Context) {
  const note = wanted(context, context.world.state.notes)
  note.body = text(context.body, 'body') ?? note.body
  return ok({ note })
}

function contactOf(context: Context): string {
  return needContact(context, context.params.contactId ?? '').id
}

function ofContact<Record extends { contactId: string }>(context: Context, records: readonly Record[]): Record[] {
  const contactId = contactOf(context)
  return records.filter((record) => record.contactId === contactId)
}

function wanted<Record extends { id: string; contactId: string }>(context: Context, records: readonly Record[]): Record {
  const found = ofContact(context, records).find(({ id }) => id === context.params.id)
  if (!found) throw notFound('Not found')
  return found
}

function remove<Record extends { id: string; contactId: string }>(context: Context, records: Record[]) {
  records.splice(records.indexOf(wanted(context, records)), 1)
  return ok({ succeded: true })
}
