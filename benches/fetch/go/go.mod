module bench-fetch-go

go 1.22
