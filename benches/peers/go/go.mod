module sitelift/boundary

go 1.21
